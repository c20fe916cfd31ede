"""Short ways to read inputs in tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nogilcheck.errors import NogilcheckError
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings, Root, Unread

NO_FLAGS = IndexSettings()


def read(
    *arguments: str,
    flags: IndexSettings = NO_FLAGS,
    stdin: bytes | None = None,
    fetch: Callable[[str], bytes] | None = None,
) -> Inputs:
    """Read arguments; standard input must not be touched unless it is given."""

    def take() -> bytes:
        assert stdin is not None, "standard input was read"
        return stdin

    return read_inputs(arguments, settings=flags, stdin=take, fetch=fetch)


def read_text(text: str, *, flags: IndexSettings = NO_FLAGS) -> Inputs:
    """Write ``text`` to r.txt in the working directory and read it."""
    Path("r.txt").write_text(text, encoding="utf-8", newline="")
    return read("r.txt", flags=flags)


def root(text: str) -> Root:
    """The only root that a text says, without a complaint."""
    inputs = read_text(text)
    assert inputs.unread == ()
    (found,) = inputs.roots
    return found


def complaint(text: str) -> Unread:
    """The only line of a text that cannot be read; the text says nothing else."""
    inputs = read_text(text)
    assert (inputs.roots, inputs.constraints) == ((), ())
    (found,) = inputs.unread
    return found


def names(inputs: Inputs) -> list[str | None]:
    return [each.name for each in inputs.roots]


def write(files: dict[str, str | bytes]) -> None:
    """Files in the working directory."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


class Web:
    """Remote files, and what was asked for."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: list[str] = []

    def __call__(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.files:
            raise NogilcheckError("404 Not Found", hint="Check the address.", where=url)
        return self.files[url]
