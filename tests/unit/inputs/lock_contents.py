"""Short ways to read a file of a structured format in tests."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.formats import format_named
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import SourceReader
from nogilcheck.model.lock import Lock, LockedDependency, LockedDistribution
from nogilcheck.model.source import Root

FIXTURES = Path(__file__).parents[3] / "fixtures" / "locks"


def content_of(text: str, form: str, *, directory: Path | None = None) -> Content:
    """What a text says when it lies in a directory, by default an empty one: the working directory."""
    found = format_named(form)
    assert found is not None
    beside = Neighbours(SourceReader(None, Evidence()), str(directory or Path.cwd()))
    return found.reader()(text, form, beside)


def fixture(folder: str, form: str, *, alone: bool = False) -> Content:
    """A real lock, with the project beside it unless it is ``alone``."""
    directory = FIXTURES / folder
    text = (directory / form).read_text(encoding="utf-8")
    return content_of(text, form, directory=None if alone else directory)


def lock_of(content: Content) -> Lock:
    assert content.lock is not None
    return content.lock


def entry(content: Content, name: str) -> LockedDistribution:
    """The only entry of a project."""
    (found,) = (each for each in lock_of(content).distributions if each.name == name)
    return found


def dependency(content: Content, parent: str, name: str) -> LockedDependency:
    """The only dependency of an entry on a project."""
    (found,) = (each for each in entry(content, parent).dependencies if each.name == name)
    return found


def parts(content: Content) -> dict[str, set[str | None]]:
    """The group (or extra) -> the names of its roots; the core is the empty string."""
    found: dict[str, set[str | None]] = {}
    for root in lock_of(content).roots:
        found.setdefault(root.group or "", set()).add(root.name)
    return found


def places(roots: tuple[Root, ...]) -> dict[str | None, str]:
    return {root.name: f"{Path(root.location.path).name}:{root.location.line}" for root in roots}
