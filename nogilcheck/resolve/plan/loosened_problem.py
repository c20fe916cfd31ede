"""Loosen the user's specifiers as far as a plan may change them, and restate them for the versions that it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from packaging.specifiers import Specifier
from packaging.version import InvalidVersion, Version

from nogilcheck.model.source import Root
from nogilcheck.resolve.versions import is_pinned, specifier_set

_KEPT = frozenset({">=", ">", "!="})
"""Floors and exclusions, which a plan may not change."""


def loosened(root: Root) -> Root:
    """Remove the upper bounds and pins of a requirement or constraint; direct references stay.

    Its hashes are removed too, since they belong to files of the replaced versions.
    """
    if root.url or root.name is None:
        return root
    return replace(root, specifier=loosened_specifier(root.specifier), hashes=())


def loosened_specifier(specifier: str) -> str:
    """The floors and exclusions of a specifier set (PEP 440): ``~=1.4`` keeps ``>=1.4``, ``==1.4.*`` too."""
    kept = (_floor(clause) for clause in _clauses(specifier))
    return ",".join(sorted(filter(None, kept)))


def restated(specifier: str, version: Version) -> str:
    """Change a specifier set as little as possible so that it admits ``version``.

    A pin stays a pin, and ``~=1.26`` becomes ``~=2.3``. A cap is replaced by the version as the floor, so that no
    installer chooses an older one.
    """
    clauses = _clauses(specifier)
    if is_pinned(specifier):
        return f"=={version}"
    exclusions = [str(clause) for clause in clauses if clause.operator == "!="]
    if compatible := next((clause for clause in clauses if clause.operator == "~="), None):
        return ",".join([f"~={_shortened(version, len(Version(compatible.version).release))}", *exclusions])
    if matching := next((clause for clause in clauses if clause.operator == "=="), None):
        return ",".join([f"=={_prefix(version, matching.version.count('.'))}.*", *exclusions])
    return ",".join([f">={version.public}", *exclusions])


def bounded(specifier: str, version: Version, *, above: bool) -> str:
    """Add a bound: ``version`` becomes the newest that is admitted (for versions ``above``), or the oldest."""
    bound = f"{'<=' if above else '>='}{version.public}"
    return ",".join([*(str(clause) for clause in _clauses(specifier)), bound])


def rewritten(requirement: str, old: str, new: str) -> str:
    """Replace the specifier set in a requirement (PEP 508) as the user wrote it; the rest stays as it is."""
    head, separator, marker = requirement.partition(";")
    written = _written(head, old)
    if written is None:
        position = len(head.rstrip())
        return f"{head[:position]}{new}{head[position:]}{separator}{marker}"
    start, end = written
    return f"{head[:start]}{new}{head[end:]}{separator}{marker}"


def _written(head: str, specifier: str) -> tuple[int, int] | None:
    """Where the specifier set stands in the text before the marker."""
    if not specifier:
        return None
    starts = [position for operator in "<>=!~" if (position := head.find(operator)) >= 0]
    if not starts:
        return None
    start, end = min(starts), len(head.rstrip())
    if head[:start].rstrip().endswith("("):  # PEP 508 allows ``name (>=1)``
        end = head.find(")", start)
    return start, end


def _clauses(specifier: str) -> list[Specifier]:
    """The clauses in an order that does not change from run to run."""
    return sorted(specifier_set(specifier), key=str)


def _floor(clause: Specifier) -> str:
    if clause.operator in _KEPT:
        return str(clause)
    if clause.operator == "~=":
        return f">={clause.version}"
    if clause.operator == "==" and clause.version.endswith(".*"):
        return f">={clause.version.removesuffix('.*')}"
    return ""


def _shortened(version: Version, parts: int) -> str:
    """The first numbers of a version; a pre-release stays whole, because installers would not choose it otherwise."""
    if not version.is_prerelease:
        return _prefix(version, parts)
    suffix = version.public.removeprefix(version.base_version)
    return _prefix(version, max(2, len(version.release))) + suffix


def _prefix(version: Version, parts: int) -> str:
    release = (*version.release, *([0] * max(0, parts - len(version.release))))
    epoch = f"{version.epoch}!" if version.epoch else ""
    return epoch + ".".join(map(str, release[:parts]))


def permits(specifiers: Iterable[str], version: Version) -> bool:
    """Whether every specifier set admits a version, pre-releases included."""
    try:
        return all(specifier_set(specifier).contains(version, prereleases=True) for specifier in specifiers)
    except InvalidVersion:
        return False
