"""Records what the default suite replays of the real index: ``make record``, or ``python -m tests.record``.

It rewrites fixtures/recorded/: ``own-tree.toml`` (what nogilcheck depends on), ``stacks.toml`` and ``stacks.json`` (the
stacks of `tests.support.stacks`: the releases that matter, and what nogilcheck and pip both say of them). Nothing is
written unless the two agree, on the index and on the recording of it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import pytest

from nogilcheck.model.options import DEFAULT_INDEX_URL
from tests.support import own_tree, stacks
from tests.world import parse, serve
from tests.world.record import RecordingError, record


def main() -> None:
    """Record both, or end with what stands against it."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            stacks.set_aside_pip_settings(patch)
            own = record(DEFAULT_INDEX_URL, own_tree.checks())
            pages = record(DEFAULT_INDEX_URL, map(stacks.options, stacks.STACKS))
            answers = _agreed(DEFAULT_INDEX_URL)
            with serve(parse(pages)) as index:
                replayed = _agreed(index.url)
    except RecordingError as error:
        sys.exit(str(error))
    if different := "\n".join(stacks.differences(answers, replayed, titles=("the index", "the recording"))):
        sys.exit(f"The recording does not give the answers of the index; run this again:\n{different}")
    today = f"{datetime.now(UTC):%Y-%m-%d}"
    _write(own_tree.RECORDING, today, "What nogilcheck and its extras depend on", own)
    _write(stacks.PAGES, today, "What the stacks of tests/support/stacks.py depend on", pages)
    document = stacks.answers_document(answers, recorded=today, pip=version("pip"))
    stacks.ANSWERS.write_text(document, encoding="utf-8", newline="\n")


def _agreed(index: str) -> stacks.Answers:
    ours = stacks.our_answers(index)
    theirs = stacks.pip_answers(index, ours)
    if different := "\n".join(stacks.differences(theirs, ours, titles=("pip", "nogilcheck"))):
        raise RecordingError(f"pip and nogilcheck disagree:\n{different}")
    return ours


def _write(path: Path, today: str, description: str, body: str) -> None:
    head = f'# Recorded from PyPI on {today} by `make record`; not edited by hand.\ndescription = "{description}"\n\n'
    path.write_text(head + body, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
