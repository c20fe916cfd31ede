"""pyproject.toml: everything in it that states dependencies of the project; and project directories."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Literal

from nogilcheck.inputs.file_content.content import Content, joined, rewritten
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.projects.dynamic_dependencies import read_dynamic, read_without_project
from nogilcheck.inputs.projects.hatch import read_hatch
from nogilcheck.inputs.projects.own_extras import completed
from nogilcheck.inputs.projects.pdm import further_members, read_pdm
from nogilcheck.inputs.projects.pep621 import dynamic_fields, read_flit, read_groups, read_project_table
from nogilcheck.inputs.projects.poetry import with_poetry
from nogilcheck.inputs.projects.setup_cfg import read_setup_cfg
from nogilcheck.inputs.projects.setup_py import SETUP_PY, gap
from nogilcheck.inputs.projects.uv import read_uv, redirection
from nogilcheck.inputs.projects.workspace import workspace_of
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml

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
_PIXI = ("tool", "pixi")
_STATING_CORE = (
    ("project",),
    ("tool", "poetry", "name"),
    ("tool", "poetry", "dependencies"),
    ("tool", "flit", "metadata"),
)
"""Those that say what the project itself requires, and be it nothing."""

_POETRY_FIELDS = {"dependencies": "dependencies", "optional-dependencies": "extras"}
"""Dynamic fields that Poetry takes from a table of its own."""


def read_pyproject(text: str, path: str, neighbours: Neighbours, *, as_dependency: bool = False) -> Content:
    """The dependencies of a project, of all its extras and of all its groups.

    Read are ``[project]`` (PEP 621), ``[dependency-groups]`` (PEP 735), and the tables of Poetry, uv, PDM, Hatch, Flit
    and pixi; dynamic dependencies from the files that they are taken from. ``[build-system]`` is about builds, which is
    not what is installed. ``as_dependency``: another project requires this one, so that pixi's tables do not count.
    Raises `NothingStatedError` for a file that has none of them, `UnreadableSourceError` for one that is no TOML.
    """
    document = Document(path, neighbours, parse_toml(text))
    root = document.root
    pixi = _PIXI if not as_dependency and root.at(*_PIXI) is not None else ()
    if not pixi and not any(root.at(*keys) is not None for keys in _STATING):
        raise NothingStatedError(
            "states no dependencies: it has neither [project] nor [dependency-groups] nor a table of a tool that does",
            hint="Name the file that states them, such as setup.cfg or requirements.txt.",
        )
    content = joined(_read_project(root), read_groups(root), read_pdm(root.table("tool", "pdm")))
    hatch = read_hatch(root.table("tool", "hatch"), content)
    uv = root.table("tool", "uv")
    workspace = workspace_of(neighbours, document)
    content = joined(content, hatch, read_uv(uv, workspace))
    if workspace is not None and workspace.document is document and workspace.tool == "pdm":
        content = replace(content, roots=(*content.roots, *further_members(content, workspace)))
    content = replace(content, resolved_together=_resolved_together(root))
    if not content.installers and _is_poetry(root):
        content = replace(content, installers=frozenset({"pip", "uv pip", "uv", "Poetry"}))
    if pixi:
        from nogilcheck.inputs.projects.pixi import with_pixi

        content = with_pixi(content, root.table(*pixi))
    content = replace(
        content, states_core=content.has_roots("") or any(root.at(*keys) is not None for keys in _STATING_CORE)
    )
    return completed(rewritten(content, redirection(uv, workspace), document.diagnostics), document)


def _is_poetry(root: Table) -> bool:
    """Whether Poetry may install a project in which it has no table."""
    backend = root.at("build-system", "build-backend")
    return root.document.neighbours.exists("poetry.toml") or (isinstance(backend, str) and backend.startswith("poetry"))


def _resolved_together(root: Table) -> frozenset[Literal["extra", "group"]]:
    """What the project's tool locks along with the core, measured with uv 0.13, Poetry 2.5 and PDM 2.29.

    Where uv is told of conflicts, it makes several resolutions.
    """
    uv, poetry, pdm = (root.at("tool", name) is not None for name in ("uv", "poetry", "pdm"))
    if poetry or (uv and root.at("tool", "uv", "conflicts") is None):
        return frozenset({"extra", "group"})
    return frozenset({"group"}) if pdm else frozenset()


def _read_project(root: Table) -> Content:
    """The project itself with its extras, and Poetry's groups."""
    document = root.document
    project, poetry = root.table("project"), root.table("tool", "poetry")
    dynamic = {
        field: where
        for field, where in dynamic_fields(project).items()
        if poetry.at(_POETRY_FIELDS.get(field, "")) is None
    }
    content = joined(read_project_table(project), read_dynamic(root, dynamic))
    if poetry:
        content = with_poetry(content, poetry)
    elif "project" not in root:
        flit = root.table("tool", "flit")
        further = read_flit(flit.table("metadata")) if "metadata" in flit else read_without_project(document)
        content = joined(content, further)
    if document.diagnostics.complete and not content.has_roots("") and root.at(*_PIXI) is None:
        document.diagnostics.note("the project itself requires nothing", document.where("project"))
    return content


class NoProjectError(UnreadableSourceError):
    """A directory is not a project."""


_READERS = (("pyproject.toml", partial(read_pyproject, as_dependency=True)), ("setup.cfg", read_setup_cfg))


def read_project(neighbours: Neighbours, shown: str) -> Content:
    """Read the project in a directory; ``neighbours`` are the files in it, ``shown`` is its name for people.

    pyproject.toml is read, or setup.cfg where that states no dependencies. The dependencies of a project with only a
    setup.py are unknown, which is in ``Content.unread``. Raises `UnreadableSourceError` for a file that cannot be
    read, which the message names, and `NoProjectError` for a directory that is not a project.
    """
    for name, reader in _READERS:
        if not neighbours.exists(name):
            continue
        try:
            return reader(neighbours.text(name), neighbours.shown(name), neighbours)
        except NothingStatedError:
            continue
        except UnreadableSourceError as error:
            raise UnreadableSourceError(
                f"{neighbours.shown(name)}: {error.message}", hint=error.hint, line=error.line
            ) from error
    if neighbours.exists(SETUP_PY):
        return Content(unread=(gap(neighbours),))
    raise NoProjectError(f"{shown} is not a project: it has no pyproject.toml, setup.cfg or setup.py with dependencies")
