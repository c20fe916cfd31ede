"""The process that analyses modules and reads sources: ``python -m nogilcheck.jobs.scanning.worker``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from nogilcheck.binary import worker
from nogilcheck.model.json_format.records import to_json
from nogilcheck.shared_state.reading import read_shared_state


def answer(header: Mapping[str, Any], data: bytes) -> Mapping[str, Any]:
    """What a header with ``sources`` is about, or what `nogilcheck.binary.worker` answers."""
    if "sources" not in header:
        return worker.answer(header, data)
    answered: Mapping[str, Any] = to_json(read_shared_state(dict(_parts(header["sources"], data))))
    return answered


def _parts(sizes: Mapping[str, int], data: bytes) -> Iterator[tuple[str, bytes]]:
    """The sources by path, which follow one another in the data."""
    at = 0
    for path, size in sizes.items():
        yield path, data[at : at + size]
        at += size


if __name__ == "__main__":
    worker.main(answer)
