"""One set of tables of pixi's manifest, of a feature or of an environment: what it requires, on which platforms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.diagnostics import Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.projects.source_tables import sourced_root
from nogilcheck.inputs.settings.catalogue.pixi import DEPENDENCY, SYSTEM, TABLE
from nogilcheck.inputs.settings.unfollowed import reject_unfollowed
from nogilcheck.inputs.specifiers.conda import CONDA_HINT, PLATFORMS, PYTHON_HINT, not_checked
from nogilcheck.inputs.specifiers.dependency_specifiers import specifier_set
from nogilcheck.inputs.specifiers.marker_text import all_of, any_of, negated
from nogilcheck.inputs.text.paths import public_url
from nogilcheck.model.source import Location, NamedIndex, Root

_CONDA = ("dependencies", "host-dependencies", "build-dependencies", "dev")
_PYTHON = frozenset({"python", "python-freethreading"})

_SELECTORS = PLATFORMS | {
    "linux": 'sys_platform == "linux"',
    "osx": 'sys_platform == "darwin"',
    "win": 'sys_platform == "win32"',
    "unix": 'sys_platform != "win32"',
}
"""What a ``target`` may be for, as markers; of two that hold the earlier one is more specific."""


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """What a set of tables says; ``part`` is where it is rejected, whatever environments have it."""

    table: Table
    part: Part
    roots: list[Root] = field(default_factory=list)
    conda: dict[str, Location] = field(default_factory=dict)
    """Packages of every platform, by normalized names."""
    pythons: dict[str, Location] = field(default_factory=dict)
    """Version specifier sets, each with its place."""
    indexes: dict[str, NamedIndex] = field(default_factory=dict)
    """Those of single requirements, by their names."""


def read_feature(table: Table, name: str) -> Feature:
    """The requirements of the tables, each with a marker of the platforms that they are for."""
    feature = Feature(table, Part(group=f"pixi:{name}", kind="group"))
    targets = table.table("target")
    for selector in targets:
        if selector not in _SELECTORS:
            text = f"{targets.named(selector)} is not followed: it is for a platform with a name of its own"
            targets.reject(text, selector, part=feature.part)
    tables = [(targets.table(selector), marker) for selector, marker in _SELECTORS.items() if selector in targets]
    elsewhere: dict[str | None, list[str]] = {}
    for one, marker in (*tables, (table, None)):
        reject_unfollowed(one, "pixi", TABLE, feature.part)
        reject_unfollowed(one.table("system-requirements"), "pixi", SYSTEM, feature.part)
        _read_conda(one, feature, everywhere=marker is None)
        required = one.table("pypi-dependencies")
        for project in required:
            if root := read_requirement(required, project, feature):
                more_specific = elsewhere.setdefault(root.name, [])
                rest = (any_of(*map(negated, other.split(" and "))) for other in more_specific)
                feature.roots.append(replace(root, marker=all_of(root.marker, marker, *rest)))
                more_specific += [marker] if marker else []
    return feature


def _read_conda(table: Table, feature: Feature, *, everywhere: bool) -> None:
    """What is not from PyPI: named; the version of Python is a bound where it holds for every platform."""
    diagnostics = table.document.diagnostics
    packages: dict[str, Location] = {}
    for key in _CONDA:
        required = table.table(key)
        for name in required:
            if name not in _PYTHON:
                packages |= {} if name == "pip" else {name: required.where(name)}
                continue
            pythons = _pythons(required.at(name))
            if pythons and everywhere:
                feature.pythons[pythons] = required.where(name)
            elif pythons != "":
                text = f"{required.named(name)}: the Python that conda takes is not checked"
                diagnostics.reject(required.where(name), text, PYTHON_HINT, part=feature.part, needs_build=True)
    if packages:
        where = next(iter(packages.values()))
        diagnostics.reject(where, not_checked(list(packages)), CONDA_HINT, part=feature.part, needs_build=True)
    if everywhere:
        feature.conda.update((canonicalize_name(name), where) for name, where in packages.items())


def read_requirement(table: Table, name: str, feature: Feature) -> Root | None:
    """A dependency: a version specifier set, or a table with one, a URL, a repository or a path."""
    value = table.at(name)
    entry = table.as_table({"version": value} if isinstance(value, str) else value, name)
    reject_unfollowed(entry, "pixi", DEPENDENCY, feature.part)
    version = entry.string("version") if "version" in entry else "*"
    if version is None or not isinstance(value, (str, dict)):
        return None
    specifier = "" if version == "*" else version
    if specifier_set(specifier) is None:
        text = f"not a version specifier set (PEP 440): {table.named(name)} = {version!r}"
        entry.reject(text, part=feature.part)
        return None
    root = sourced_root(entry, name, specifier, entry.marker("env-markers"), feature.part)
    if root is None or not (url := entry.string("index")):
        return root
    index = NamedIndex(name=public_url(url), url=url, role="explicit")
    feature.indexes[index.name] = index
    return replace(root, index=index.name)


def _pythons(value: object) -> str | None:
    """A version of conda's Python as a specifier set, empty for any; ``None`` for one that is not that simple."""
    if isinstance(value, dict) and value.keys() <= {"version", "channel"}:
        value = value.get("version", "*")
    if not isinstance(value, str):
        return None
    clauses = [clause.strip() for clause in value.split(",")]
    exact = ("=", *"0123456789")
    texts = [
        f"=={clause.lstrip('= ').removesuffix('.*')}.*" if clause.startswith(exact) else clause
        for clause in clauses
        if clause != "*"
    ]
    return None if specifier_set(",".join(texts)) is None else ",".join(texts)
