"""Decide which installers' settings count for the inputs, and read those outside the project files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

from packaging.utils import canonicalize_name

from nogilcheck.frozen import frozen
from nogilcheck.inputs.file_content.content import Content, Installer, joined_settings, with_formats, without_choice
from nogilcheck.inputs.projects.uv import read_uv
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.pipenv import VARIABLE as PIPENV_VARIABLE
from nogilcheck.inputs.settings.catalogue.uv import VARIABLE as UV_VARIABLE
from nogilcheck.inputs.settings.pdm import read_pdm_configuration
from nogilcheck.inputs.settings.poetry import read_poetry_configuration
from nogilcheck.inputs.settings.unfollowed import HINT, unfollowed_variables
from nogilcheck.inputs.settings.uv import TRUE
from nogilcheck.inputs.settings.uv_files import working_project
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.model.source import IndexSettings, Location, Unread

REQUIREMENTS: frozenset[Installer] = frozenset({"pip", "uv pip"})
"""Who installs requirements files and names."""

ANY_PROJECT: frozenset[Installer] = frozenset({"pip", "uv pip", "uv"})
"""Who installs a pyproject.toml, or a script, in which no tool has a table."""

_PROJECTS = frozenset({"pyproject.toml", "script"})
"""Kinds of input that uv has commands of its own for."""

UV_FILES = ("UV_CONSTRAINT", "UV_OVERRIDE", "UV_EXCLUDE")
"""Variables that ``uv pip`` obeys and ``uv lock`` does not."""

_UV_FORMATS = ("UV_NO_BUILD", "UV_NO_BUILD_PACKAGE", "UV_NO_BINARY", "UV_NO_BINARY_PACKAGE")
"""Variables that ``uv lock`` and ``uv sync`` obey and ``uv pip`` does not."""


@frozen
class Choosing:
    """Who chooses versions here, and who installs what a lock has chosen."""

    solved: frozenset[Installer]
    locked: frozenset[Installer]

    @classmethod
    def of(cls, contents: Iterable[tuple[str, Content]], *, named: bool) -> Choosing:
        """From the kind and the content of each input; ``named``: there are requirements outside of them."""
        solved: frozenset[Installer] = REQUIREMENTS if named else frozenset()
        locked: frozenset[Installer] = frozenset()
        for kind, content in contents:
            if content.lock:
                locked |= content.installers
            else:
                solved |= content.installers or (ANY_PROJECT if kind in _PROJECTS else REQUIREMENTS)
        return cls(solved=solved, locked=locked)

    @property
    def pip(self) -> bool:
        """Whether pip's settings count."""
        return "pip" in self.solved | self.locked

    @property
    def uv(self) -> bool:
        """Whether uv's settings count."""
        return not {"uv", "uv pip"}.isdisjoint(self.solved | self.locked)

    def counting(self, gaps: Iterable[Unread], *installers: Installer) -> list[Unread]:
        """Those of the gaps that bear on what the installers do here."""
        chooses = not self.solved.isdisjoint(installers)
        return [gap for gap in gaps if chooses or (gap.setting != "choice" and not self.locked.isdisjoint(installers))]


def read_choice(
    choosing: Choosing, here: Neighbours, projects: Sequence[Neighbours], *, read: Iterable[Content]
) -> Content:
    """What the variables and files of uv, Poetry, PDM and Pipenv add to what the inputs say, which is ``read``.

    ``here`` is the working directory, ``projects`` are those of the inputs.
    """
    evidence = here.evidence
    layers: list[IndexSettings] = []
    unread: list[Unread] = []
    content = Content()
    if "uv pip" in choosing.solved and (tool := working_project(here)) is not None:
        content = read_uv(tool)
        layers.append(content.settings)
        unread += tool.document.diagnostics.unread
    if choosing.uv:
        settings, gaps = _uv_variables(evidence, choosing)
        layers.append(settings)
        unread += gaps
        unread += _passed_over(evidence, read)
    everyone = choosing.solved | choosing.locked
    for project in projects:
        if "Poetry" in everyone:
            settings, gaps = read_poetry_configuration(project)
            layers.append(settings)
            unread += choosing.counting(gaps, "Poetry")
        if "PDM" in everyone:
            settings, gaps = read_pdm_configuration(project)
            layers.append(settings)
            unread += choosing.counting(gaps, "PDM")
    if "Pipenv" in everyone:
        unread += choosing.counting(unfollowed_variables(evidence, "Pipenv", PIPENV_VARIABLE), "Pipenv")
    return Content(
        constraints=content.constraints,
        overrides=content.overrides,
        settings=reduce(joined_settings, layers, IndexSettings()),
        unread=tuple(unread),
    )


def _uv_variables(evidence: Evidence, choosing: Choosing) -> tuple[IndexSettings, list[Unread]]:
    """What uv obeys in one of its two ways only."""
    projects = "uv" in choosing.solved | choosing.locked
    mixed = "uv" in choosing.solved and "uv pip" in choosing.solved
    values = {name: evidence.variable(name) or "" for name in (*UV_FILES, *_UV_FORMATS)}
    gaps = [_two_ways(name, "uv pip", "uv lock") for name in UV_FILES if values[name] and "uv" in choosing.solved]
    gaps += [_two_ways(name, "uv lock", "uv pip") for name in _UV_FORMATS if mixed and values[name]]
    if not projects or mixed:
        return IndexSettings(), gaps
    only_binary, no_binary = _names(values, "UV_NO_BUILD"), _names(values, "UV_NO_BINARY")
    return with_formats(IndexSettings(), only_binary=only_binary, no_binary=no_binary), gaps


def _passed_over(evidence: Evidence, contents: Iterable[Content]) -> Iterator[Unread]:
    """A gap where a variable tells uv to pass over settings of a project that count here."""
    for content in contents:
        if "uv" in content.installers and without_choice(content.settings) != content.settings:
            for name in ("UV_NO_CONFIG", "UV_CONFIG_FILE"):
                if (evidence.variable(name) or "").lower() not in {"", "0", "false"}:
                    text = f"{name} is set: uv passes over settings in [tool.uv] that count here"
                    yield Unread(location=Location(path=name), text=text, hint=HINT, setting="choice")


def _names(values: Mapping[str, str], variable: str) -> dict[str, str]:
    """The projects that a variable names, and which one does."""
    if values[variable].lower() in TRUE:
        return {":all:": variable}
    single = f"{variable}_PACKAGE"
    return {canonicalize_name(name): single for name in values[single].split()}


def _two_ways(name: str, obeying: str, ignoring: str) -> Unread:
    assert settings_of("uv", UV_VARIABLE)[name].effect == "obeyed"
    text = f"{name} is set: `{obeying}` obeys it and `{ignoring}` does not, and this project may be installed by either"
    return Unread(location=Location(path=name), text=text, hint=HINT, setting="choice")
