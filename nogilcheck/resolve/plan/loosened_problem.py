"""The user's own words, loosened as a plan may change them, and put again for the versions that it found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from packaging.specifiers import Specifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from nogilcheck.model.source import Root
from nogilcheck.resolve.versions import is_pinned, specifier_set

_KEPT = frozenset({">=", ">", "!="})
"""What says from where on a project is of use, or which release is not: nothing that a plan may change."""


def loosened(root: Root) -> Root:
    """A requirement, or a constraint, without what bounds it from above; a pin bounds nothing any more.

    Its hashes go too: they belong to the files of the versions that are replaced. A direct reference stays.
    """
    if root.url or root.name is None:
        return root
    return replace(root, specifier=loosened_specifier(root.specifier), hashes=())


def loosened_specifier(specifier: str) -> str:
    """The floors and exclusions of a specifier set (PEP 440): ``~=1.4`` keeps ``>=1.4``, ``==1.4.*`` too."""
    kept = (_floor(clause) for clause in _clauses(specifier))
    return ",".join(sorted(filter(None, kept)))


def restated(specifier: str, version: Version) -> str:
    """A specifier set that the user wrote, changed as little as lets it admit ``version``.

    A pin stays a pin, ``~=1.26`` becomes ``~=2.3``; a cap goes, and the version becomes the floor, lest an
    installer goes back behind it.
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
    """A specifier set that also keeps to ``version``: as the newest one that is admitted, or as the oldest."""
    bound = f"{'<=' if above else '>='}{version.public}"
    return ",".join([*(str(clause) for clause in _clauses(specifier)), bound])


def rewritten(requirement: str, old: str, new: str) -> str:
    """A requirement (PEP 508) as the user wrote it, with another specifier set; the rest of the line stays."""
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
    """In an order that does not change from run to run."""
    found: SpecifierSet = specifier_set(specifier)
    return sorted(found, key=str)


def _floor(clause: Specifier) -> str:
    if clause.operator in _KEPT:
        return str(clause)
    if clause.operator == "~=":
        return f">={clause.version}"
    if clause.operator == "==" and clause.version.endswith(".*"):
        return f">={clause.version.removesuffix('.*')}"
    return ""


def _shortened(version: Version, parts: int) -> str:
    """The first numbers of a version; the whole of one that is not final, which installers would pass over else."""
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
        return all(specifier_set(one).contains(version, prereleases=True) for one in specifiers)
    except InvalidVersion:
        return False
