"""Short ways to read project files in tests."""

from __future__ import annotations

from pathlib import Path

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.projects.pyproject import read_pyproject
from nogilcheck.inputs.projects.script import read_script
from nogilcheck.inputs.projects.setup_cfg import read_setup_cfg
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import SourceReader
from nogilcheck.model.source import Root
from tests.unit.inputs.reading import write

FIXTURES = Path(__file__).parents[3] / "fixtures" / "projects"

_READERS = {"pyproject.toml": read_pyproject, "setup.cfg": read_setup_cfg}


def beside(directory: str | Path = ".") -> Neighbours:
    """The files of a directory."""
    return Neighbours(SourceReader(), str(Path(directory).absolute()))


def read_file(path: Path) -> Content:
    """A fixture; locations are relative to its directory."""
    reader = _READERS.get(path.name, read_script)
    return reader(path.read_text(encoding="utf-8"), path.name, beside(path.parent))


def pyproject(text: str, files: dict[str, str | bytes] | None = None) -> Content:
    """Read ``text`` as the pyproject.toml of the working directory, which has ``files`` too."""
    write(files or {})
    return read_pyproject(text, "pyproject.toml", beside())


def clean(text: str, files: dict[str, str | bytes] | None = None) -> Content:
    """The same, without a complaint."""
    content = pyproject(text, files)
    assert content.unread == ()
    return content


def says(roots: tuple[Root, ...], part: str | None = None, kind: str = "") -> list[str]:
    """What is asked for in one part of a project, in short: ``name[extras]specifier ; marker``, or ``name @ url``."""
    return [_short(root) for root in roots if (root.group, root.kind) == (part, kind)]


def _short(root: Root) -> str:
    extras = f"[{','.join(root.extras)}]" if root.extras else ""
    what = f" @ {root.url}" if root.url else root.specifier
    return f"{root.name}{extras}{what}" + (f" ; {root.marker}" if root.marker else "")


def lines(roots: tuple[Root, ...]) -> list[int | None]:
    return [root.location.line for root in roots]


def complaints(content: Content) -> list[tuple[int | None, str]]:
    return [(unread.location.line, unread.text) for unread in content.unread]
