"""pixi's manifest, ``pixi.toml`` or ``[tool.pixi]`` of pyproject.toml: what it installs from PyPI.

See pixi's reference, "The Pixi Manifest" and "pyproject.toml"; what they leave open is as in pixi's crate
``pixi_manifest``. The environment ``default`` is the project itself, any other one is a group.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import Content, joined, unique
from nogilcheck.inputs.file_content.dependencies import NEVER, exclusion
from nogilcheck.inputs.file_content.diagnostics import CORE, NothingStatedError, Part, extra_part, group_part
from nogilcheck.inputs.file_content.document import Document, Table
from nogilcheck.inputs.projects.pep621 import MAX_GROUPS
from nogilcheck.inputs.projects.pixi_features import Feature, read_feature, read_requirement
from nogilcheck.inputs.settings.catalogue.pixi import SYSTEM
from nogilcheck.inputs.settings.pixi import pixi_settings
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.specifiers.conda import PLATFORMS
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.toml_document import parse_toml
from nogilcheck.model.source import Bounds, Root

_DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class _Environment:
    part: Part
    table: Table
    """Empty where it is a mere list of features."""
    features: tuple[Feature, ...]
    further: tuple[Root, ...]
    """From extras and dependency groups of the project."""


def read_pixi_toml(text: str, path: str, neighbours: Neighbours) -> Content:
    """The manifest. Raises `NothingStatedError` where nothing is from PyPI or conda, `UnreadableSourceError`."""
    document = Document(path, neighbours, parse_toml(text))
    content = with_pixi(Content(states_core=False), document.root)
    unread = document.diagnostics.unread
    if not content.roots and not unread:
        raise NothingStatedError("states no dependencies from PyPI", hint="Name the file that states them.")
    bounds = content.bounds and replace(content.bounds, project=path)
    return replace(content, bounds=bounds, unread=unread, notes=document.diagnostics.notes)


def with_pixi(stated: Content, tool: Table) -> Content:
    """What ``[project]`` and its groups state together with the manifest, in which extras and groups are features."""
    return _Manifest(tool, stated).content()


class _Manifest:
    def __init__(self, tool: Table, stated: Content) -> None:
        self._tool = tool
        self._stated = stated
        self._diagnostics = tool.document.diagnostics
        self._workspace = tool.table("workspace" if "workspace" in tool else "project")
        self._platforms = dict(self._read_platforms())
        self._default = read_feature(tool, "")
        features = tool.table("feature")
        self._features = {name: read_feature(features.table(name), name) for name in features}
        self._core, *self._others = self._environments()

    def content(self) -> Content:
        """Everything together."""
        core = self._core
        roots = self._diagnostics.bounded(root for one in (core, *self._others) for root in self._roots(one))
        conda = {name: where for feature in core.features for name, where in feature.conda.items()}
        for root in (*self._stated.roots, *roots):
            if not root.kind and root.name in conda:
                text = f"{root.name} is a conda package as well: which of the two pixi takes is not known"
                self._diagnostics.reject(root.location, text, needs_build=True)
        for one in self._others:
            self._reject_apart(one)
        tables = [feature.table for feature in core.features]
        wanted = Feature(self._tool, CORE)
        replacing = [table.table("pypi-options", "dependency-overrides") for table in (*tables, self._workspace)]
        overrides = [new for table in replacing for name in table if (new := read_requirement(table, name, wanted))]
        settings = pixi_settings(self._tool, self._workspace, tables)
        used = {wanted: None} | {feature: None for one in (core, *self._others) for feature in one.features}
        pinned = {name: index for feature in used for name, index in feature.indexes.items()}
        for name in (name for name, feature in self._features.items() if feature not in used):
            self._tool.note(f"no environment has the feature {name!r}: not checked", "feature", name)
        content = Content(
            roots=roots,
            constraints=tuple(self._bounding(roots)),
            overrides=(*overrides, *(exclusion(name, where) for name, where in conda.items())),
            settings=replace(settings, indexes=(*settings.indexes, *pinned.values())),
            groups=unique(one.part.group for one in self._others if one.part.group),
            installers=frozenset({"pixi"}),
            states_core=any(not root.kind for root in roots),
        )
        return replace(joined(self._stated, content), bounds=self._bounds())

    def _read_platforms(self) -> Iterator[tuple[str, str]]:
        """The names of the platforms, and which of conda's each is."""
        for keys, item in self._workspace.several("platforms"):
            if isinstance(item, dict):
                table = self._workspace.as_table(item, *keys)
                reject_unfollowed(table, "pixi", SYSTEM)
                platform = table.string("platform") or table.string("name") or ""
                yield table.string("name") or platform, platform
            elif (name := self._workspace.as_string(item, *keys)) is not None:
                yield name, name

    def _environments(self) -> Iterator[_Environment]:
        """The default one first."""
        table = self._tool.table("environments")
        if len(table.data) > MAX_GROUPS:
            table.reject(f"more than {MAX_GROUPS} environments")
            table = self._tool.as_table(None)
        for name in dict.fromkeys((_DEFAULT, *table)):
            part = CORE if name == _DEFAULT else group_part(name)
            listed = isinstance(table.at(name), list)
            own = self._tool.as_table(None) if listed else table.table(name)
            features = [read_feature(own, f"{name} environment")] if own else []
            further: list[Root] = []
            for index, text in table.strings(name) if listed else own.strings("features"):
                group = canonicalize_name(text)
                if text in self._features:
                    features.append(self._features[text])
                elif group not in {*self._stated.extras, *self._stated.groups}:
                    keys = (name, index) if listed else (name, "features", index)
                    table.reject(f"there is no feature {text!r}", *keys, part=part)
                further += [root for root in self._stated.roots if root.group == group]
                for source in (extra_part(text), group_part(text)):
                    self._diagnostics.share(source, part)
            if not own.boolean("no-default-feature"):
                features.append(self._default)
            for feature in features:
                self._diagnostics.share(feature.part, part)
            yield _Environment(part, own, tuple(features), tuple(further))

    def _roots(self, one: _Environment) -> Iterator[Root]:
        """The requirements of an environment; of others than the default one those that it does not have."""
        known = () if one is self._core else self._core.features
        own = [root for feature in one.features if feature not in known for root in feature.roots]
        for root in (*own, *one.further):
            yield replace(root, group=one.part.group, kind=one.part.kind)

    def _bounding(self, roots: tuple[Root, ...]) -> Iterator[Root]:
        """The requirements of environments that are solved along with the default one, as constraints."""
        group = self._core.table.at("solve-group")
        solved = {one.part for one in self._others if group is not None and one.table.at("solve-group") == group}
        for root in roots:
            if root.specifier and Part(group=root.group, kind=root.kind) in solved:
                yield replace(root, extras=(), group=None, kind="")

    def _reject_apart(self, one: _Environment) -> None:
        """Say what of an environment is not as in pixi, because it is checked along with the default one."""
        further = [feature for feature in one.features if feature not in self._core.features]
        apart = {key for feature in further for key in ("pypi-options", "platforms") if feature.table.at(key)}
        apart |= {f"python {text}" for feature in further for text in feature.pythons}
        reasons = [f"its own {what} is not followed" for what in sorted(apart)]
        without = [feature for feature in self._core.features if feature not in one.features]
        if any(feature.roots for feature in without) or (self._default in without and self._stated.has_roots("")):
            reasons.append("it lacks a feature of that one")
        if reasons:
            text = f"the environment {one.part.group} is checked along with the default one: {', '.join(reasons)}"
            self._diagnostics.reject(self._tool.where("environments", one.part.group or ""), text, part=one.part)

    def _bounds(self) -> Bounds | None:
        """The platforms and Pythons of the default environment; of Python the manifest says more than a project."""
        bounds = self._stated.bounds or Bounds(project="", location=self._workspace.where("platforms"))
        admitted = [
            platform
            for name, platform in self._platforms.items()
            if all(
                name in listed or platform in listed
                for feature in self._core.features
                if (listed := [text for _, text in feature.table.strings("platforms")])
            )
        ]
        pythons = {text: where for feature in self._core.features for text, where in feature.pythons.items()}
        if pythons:
            place = next(iter(pythons.values()))
            bounds = replace(
                bounds, requires_python=",".join(pythons), location=place, setting="python in [dependencies]"
            )
        if self._platforms:
            markers = unique(PLATFORMS.get(platform, NEVER) for platform in admitted) or (NEVER,)
            bounds = replace(bounds, environments=markers)
        return bounds if pythons or self._platforms else self._stated.bounds
