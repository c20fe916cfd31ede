"""Loosen the user's specifiers as far as a plan may change them, and restate them for the versions that it found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from packaging.specifiers import Specifier
from packaging.version import InvalidVersion, Version

from nogilcheck.model.source import Root
from nogilcheck.resolve.versions import is_pinned, specifier_set

_FLOORS = frozenset({">=", ">"})
_KEPT = _FLOORS | {"!="}
"""Floors and exclusions, which a plan may not change."""

_CAPS = frozenset({"<", "<="})

_MINOR = 2
"""Numbers of a version."""

_BY_OPERATOR = re.compile(r"(===|[<>=!~]=|[<>])\s*([^\s,)]+)")


def loosened(root: Root) -> Root:
    """Remove the upper bounds and pins of a requirement or constraint; direct references and what binds stay.

    Its hashes are removed too, since they belong to files of the replaced versions.
    """
    if root.url or root.name is None or root.binding:
        return root
    return replace(root, specifier=loosened_specifier(root.specifier), hashes=())


def loosened_specifier(specifier: str) -> str:
    """The floors and exclusions of a specifier set (PEP 440): ``~=1.4`` keeps ``>=1.4``, ``==1.4.*`` too."""
    kept = (_floor(clause) for clause in _clauses(specifier))
    return ",".join(sorted(filter(None, kept)))


def restated(specifier: str, version: Version, *, smallest: bool = False) -> str:
    """Change a specifier set so that it admits ``version``.

    A pin stays a pin, and ``~=1.26`` becomes ``~=2.3``. A cap is replaced by the version as the floor, so that no
    installer chooses an older one; for the ``smallest`` change it is raised (``<2.3`` becomes ``<2.4``).
    """
    clauses = _clauses(specifier)
    if is_pinned(specifier):
        return f"=={version}"
    exclusions = [str(clause) for clause in clauses if clause.operator == "!="]
    if compatible := next((clause for clause in clauses if clause.operator == "~="), None):
        return ",".join([f"~={_shortened(version, len(Version(compatible.version).release))}", *exclusions])
    if matching := next((clause for clause in clauses if clause.operator == "=="), None):
        return ",".join([f"=={_prefix(version, matching.version.count('.'))}.*", *exclusions])
    floor = f">={version.public}"
    if not smallest:
        return ",".join([floor, *exclusions])
    raised = [_raised(clause, version) for clause in clauses]
    # A clause that cannot be raised excludes it still; no installer takes a pre-release that is not named.
    return ",".join([*raised, *([floor] if version.is_prerelease else [])]) if permits(raised, version) else floor


def _raised(clause: Specifier, version: Version) -> str:
    """The clause, as a cap that admits ``version``: to the precision in which it was written, of a minor at least."""
    if clause.operator not in _CAPS or clause.contains(version, prereleases=True):
        return str(clause)
    if clause.operator == "<=":
        return f"<={version.public}"
    written = list(Version(clause.version).release)
    while written[-1:] == [0]:  # ``<3.0.0`` means ``<3``
        written.pop()
    head, _, last = _prefix(version, max(_MINOR, len(written))).rpartition(".")
    return f"<{head}.{int(last) + 1}"


def bounded(specifier: str, version: Version, *, above: bool) -> str:
    """Add a bound: ``version`` becomes the newest that is admitted (for versions ``above``), or the oldest.

    Bounds on that side that say less go.
    """
    operator, replaced = ("<=", _CAPS) if above else (">=", _FLOORS)
    kept = [
        str(clause)
        for clause in _clauses(specifier)
        if clause.operator not in replaced or not clause.contains(version, prereleases=True)
    ]
    return ",".join([*kept, f"{operator}{version.public}"])


def rewritten(requirement: str, old: str, new: str) -> str:
    """Replace the specifier set in a requirement (PEP 508) as the user wrote it; the rest stays as it is."""
    head, separator, marker = requirement.partition(";")
    written = _written(head, old)
    if written is None:
        position = len(head.rstrip())
        return f"{head[:position]}{new}{head[position:]}{separator}{marker}"
    start, end = written
    return f"{head[:start]}{_in_the_form_of(head[start:end], new)}{head[end:]}{separator}{marker}"


def _in_the_form_of(written: str, new: str) -> str:
    """The new clauses in the order and with the spaces of those that were written, as far as they match."""
    old, found = (_BY_OPERATOR.findall(text) for text in (written, new))
    versions = dict(found)
    if len(versions) != len(found) or sorted(versions) != sorted(operator for operator, _ in old):
        return new
    return _BY_OPERATOR.sub(lambda clause: clause[0].replace(clause[2], versions[clause[1]]), written)


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
