"""pyproject.toml: everything in it that states dependencies of the project; and project directories."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nogilcheck.inputs.contents.content import Content
from nogilcheck.inputs.project_contents import NothingStatedError, ProjectCollector, value_at
from nogilcheck.inputs.projects.dynamic_dependencies import add_dynamic, add_without_project
from nogilcheck.inputs.projects.pep621 import add_groups, add_project, dynamic_fields
from nogilcheck.inputs.projects.poetry import add_poetry
from nogilcheck.inputs.projects.setup_cfg import SETUP_PY_HINT, read_setup_cfg
from nogilcheck.inputs.projects.tool_tables import add_flit, add_hatch, add_pdm
from nogilcheck.inputs.projects.uv_tables import add_uv, redirect
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.source import Location, Unread

_STATING = (
    ("project",),
    ("dependency-groups",),
    ("tool", "poetry"),
    ("tool", "flit", "metadata"),
    ("tool", "pdm", "dev-dependencies"),
    ("tool", "uv", "dev-dependencies"),
    ("tool", "hatch", "envs"),
)
"""The tables that state dependencies."""


_POETRY_FIELDS = {"dependencies": "dependencies", "optional-dependencies": "extras"}
"""Dynamic fields that Poetry takes from a table of its own."""


def read_pyproject(text: str, path: str, beside: Neighbours) -> Content:
    """The dependencies of a project, of all its extras and of all its groups.

    Read are ``[project]`` (PEP 621), ``[dependency-groups]`` (PEP 735), and the tables of Poetry, uv, PDM, Hatch and
    Flit; dynamic dependencies from the files that they are taken from. ``[build-system]`` is about builds, which is not
    what is installed. Raises `NothingStatedError` for a file that has none of them, `UnreadableSourceError` for one
    that is no TOML.
    """
    document = parse_toml(text)
    data = document.data
    if not any(value_at(data, *keys) is not None for keys in _STATING):
        raise NothingStatedError(
            "states no dependencies: it has neither [project] nor [dependency-groups] nor a table of a tool that does",
            hint="Name the file that states them, such as setup.cfg or requirements.txt.",
        )
    gathering = ProjectCollector(path, beside, document)
    _add_core(gathering, data)
    add_groups(gathering, data.get("dependency-groups"))
    tool = {name: _tool(gathering, data, name) for name in ("pdm", "hatch", "uv")}
    add_pdm(gathering, tool["pdm"])
    add_hatch(gathering, tool["hatch"])
    add_uv(gathering, tool["uv"])
    redirect(gathering, tool["uv"])
    return gathering.content()


def _add_core(gathering: ProjectCollector, data: Mapping[str, Any]) -> None:
    """The project itself with its extras, and Poetry's groups."""
    project = None
    dynamic = {}
    if "project" in data:
        project = gathering.table(data["project"], gathering.where("project"), "project")
        add_project(gathering, project)
        dynamic = dynamic_fields(gathering, project)
    poetry = _tool(gathering, data, "poetry")
    by_poetry = {field for field in dynamic if poetry.get(_POETRY_FIELDS.get(field, "")) is not None}
    add_dynamic(gathering, {field: where for field, where in dynamic.items() if field not in by_poetry}, data)
    if poetry:
        add_poetry(gathering, poetry, project)
    elif project is None and isinstance(flit := value_at(data, "tool", "flit", "metadata"), dict):
        add_flit(gathering, flit)
    elif project is None:
        add_without_project(gathering)
    if gathering.complete and not any(root.kind == "" for root in gathering.roots):
        gathering.note(gathering.where("project"), "the project itself requires nothing")


def _tool(gathering: ProjectCollector, data: Mapping[str, Any], name: str) -> dict[str, Any]:
    where = gathering.where("tool", name)
    tools = data.get("tool")
    return gathering.table(tools.get(name), where, f"tool.{name}") if isinstance(tools, dict) else {}


class NoProjectError(UnreadableSourceError):
    """A directory that is no project."""


_READERS = (("pyproject.toml", read_pyproject), ("setup.cfg", read_setup_cfg))


def read_project(beside: Neighbours, shown: str) -> Content:
    """What the project in a directory says as it lies there; ``beside`` is rooted in it, ``shown`` is for people.

    pyproject.toml speaks, or where it states no dependencies, setup.cfg; a project of setup.py only is not known, which
    is said in ``Content.unread``. Raises `UnreadableSourceError` for a file that cannot be read, which the message
    names, and `NoProjectError` for a directory that is no project.
    """
    for name, reader in _READERS:
        if not beside.exists(name):
            continue
        try:
            return reader(beside.text(name), beside.shown(name), beside)
        except NothingStatedError:
            continue
        except UnreadableSourceError as error:
            raise UnreadableSourceError(
                f"{beside.shown(name)}: {error.message}", hint=error.hint, line=error.line
            ) from error
    if beside.exists("setup.py"):
        where = Location(path=beside.shown("setup.py"))
        text = "the dependencies are in setup.py, which is never run"
        return Content(unread=(Unread(location=where, text=text, hint=SETUP_PY_HINT, needs_build=True),))
    raise NoProjectError(f"{shown} is no project: it has no pyproject.toml, setup.cfg or setup.py that states any")
