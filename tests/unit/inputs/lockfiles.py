"""Short ways to read locks in tests."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.formats import format_named
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import SourceReader, UnreadableSourceError
from nogilcheck.model.lock import Lock, LockedDependency, LockedDistribution
from nogilcheck.model.source import Root

LOCKS = Path(__file__).parents[3] / "fixtures" / "locks"

Reader = Callable[[str, str, Neighbours], Content]


def beside(directory: str | Path = ".") -> Neighbours:
    """The files of a directory."""
    return Neighbours(SourceReader(), str(Path(directory).absolute()))


def read_fixture(reader: Reader, name: str) -> Content:
    """A lock of the fixtures, read without a complaint; locations have its bare name."""
    path = LOCKS / name
    content = reader(path.read_text(encoding="utf-8"), path.name, beside(path.parent))
    assert content.unread == ()
    return content


def lock_of(content: Content) -> Lock:
    assert content.lock is not None
    return content.lock


def entry(content: Content, name: str, version: str | None = None) -> LockedDistribution:
    """The only entry of this name, or of this version of it."""
    (found,) = [
        each for each in lock_of(content).distributions if each.name == name and version in {None, each.version}
    ]
    return found


def asked(content: Content, group: str | None = None, kind: str = "") -> list[str]:
    """What one part of the project asks for, in short: ``requirement ; marker``."""
    return [_short(root) for root in lock_of(content).roots if (root.group, root.kind) == (group, kind)]


def complaints(content: Content) -> list[tuple[int | None, str]]:
    return [(unread.location.line, unread.text) for unread in content.unread]


def content_of(text: str, form: str, *, directory: Path | None = None) -> Content:
    """What a text says when it lies in a directory, by default an empty one: the working directory."""
    found = format_named(form)
    assert found is not None
    return found.reader()(text, form, beside(directory or "."))


def fixture(folder: str, form: str, *, alone: bool = False) -> Content:
    """A real lock, with the project beside it unless it is ``alone``."""
    directory = LOCKS / folder
    text = (directory / form).read_text(encoding="utf-8")
    return content_of(text, form, directory=None if alone else directory)


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


def _short(root: Root) -> str:
    return root.with_marker


_VALUES = (
    "1",
    "-1",
    "true",
    "1.5",
    '""',
    '"x"',
    "[]",
    "[1]",
    "[[]]",
    "{}",
    "{name=1}",
    '"\\u0000"',
    "2020-01-01",
    '[{name="a"}]',
)


def mangled(text: str, seed: int) -> str:
    """The text with one to four values, lines or characters exchanged, doubled or lost."""
    chance = random.Random(seed)
    lines = text.split("\n")
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(lines))
        line = lines[at]
        key, equals, _ = line.partition(" = ")
        match chance.randrange(6):
            case 0 | 1 | 2 if equals:
                lines[at] = f"{key} = {chance.choice(_VALUES)}"
            case 3:
                del lines[at]
                lines = lines or [""]
            case 4:
                lines.insert(chance.randrange(len(lines)), line)
            case _:
                place = chance.randrange(len(line) + 1)
                lines[at] = line[:place] + chance.choice("\"'[]{},=. x") + line[place + 1 :]
    return "\n".join(lines)


def survives(reader: Reader, text: str) -> None:
    """Whatever the text: content with sane lines, or one clear error."""
    last = text.count("\n") + 1
    try:
        content = reader(text, "l", beside())
    except UnreadableSourceError as error:
        messages, places = [error.message], [error.line]
    else:
        messages = [unread.text for unread in content.unread]
        lock = lock_of(content)
        places = [root.location.line for root in lock.roots] + [each.location.line for each in lock.distributions]
        places += [unread.location.line for unread in content.unread]
        if content.bounds is not None:
            places.append(content.bounds.location.line)
    assert all(place is None or 1 <= place <= last for place in places)
    assert all(message and "\n" not in message for message in messages)
