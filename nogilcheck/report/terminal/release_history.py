"""What an index has of a project, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from nogilcheck.model.explanation import Dated, Listed, Offer, SourceBuild
from nogilcheck.model.verdict import WheelKind
from nogilcheck.report.scope import Scope
from nogilcheck.report.words import listed

_STANDING: Final = {
    "archived": "archived: no further releases are to be expected",
    "quarantined": "quarantined: it is considered unsafe, and the index withholds its files",
    "deprecated": "deprecated: its developers say that it is obsolete or was superseded",
}
"""Project status markers (PEP 792) other than ``active``."""

_KINDS: Final = {
    WheelKind.PURE: "pure wheels",
    WheelKind.NO_ABI: "wheels without a CPython ABI",
    WheelKind.FREE_THREADED: "free-threaded wheels",
    WheelKind.ABI3T: "abi3t wheels",
    WheelKind.GIL: "GIL-only wheels",
    WheelKind.ABI3: "abi3 wheels",
    WheelKind.FOREIGN: "wheels for other interpreters",
}

_COMPILED: Final = frozenset({WheelKind.GIL, WheelKind.ABI3})


def standing(found: Listed) -> str:
    """What the index says of the project as a whole; nothing where that is nothing out of the ordinary."""
    return "" if found.status == "active" else _STANDING.get(found.status, f"project status: {found.status}")


def offering(found: Listed, chosen: Collection[str | None], scope: Scope) -> Mapping[str, list[str]]:
    """Sentences, each with the targets that it holds for."""
    said: dict[str, list[str]] = {}
    targets = {target.id: target for target in scope.targets}
    for offer in found.offers:
        target = targets[offer.target]
        for text in _of_target(offer, found, free_threaded=target.free_threaded):
            said.setdefault(text, []).append(offer.target)
    if found.newest:
        said[_newest(found, found.newest, chosen)] = [offer.target for offer in found.offers]
    return said


def _of_target(offer: Offer, found: Listed, *, free_threaded: bool) -> Iterable[str]:
    wheels = "free-threaded wheels" if free_threaded else "wheels"
    newest = found.newest.version if found.newest else None
    if offer.first and offer.last:
        if newest in {None, offer.last.version}:
            yield f"{wheels} since {dated(offer.first)}"
        elif offer.first.version == offer.last.version:
            yield f"{wheels} in {dated(offer.first)}, and in no release since"
        else:
            yield f"{wheels} from {dated(offer.first)} to {dated(offer.last)}, and in no release since"
    elif offer.fitting is None:
        yield f"no release has {wheels} that fit"
    elif free_threaded and not _COMPILED.isdisjoint(found.ships):
        yield "no release has free-threaded wheels"
    if offer.fitting is None or offer.fitting.version != newest:
        if offer.fitting and offer.fitting != offer.last:
            yield f"the newest release of which a wheel fits is {dated(offer.fitting)}"
        if offer.pre_release:
            yield f"the pre-release {dated(offer.pre_release)}, has a wheel that fits"


def _newest(found: Listed, newest: Dated, chosen: Collection[str | None]) -> str:
    kinds = [_KINDS[WheelKind(kind)] for kind in found.ships]
    ships = listed([*kinds, *(["an sdist"] if found.sdist else [])] or ["nothing that counts"])
    nothing = "no wheels, " if not kinds and found.sdist else ""
    which = f"the latest release{' (the one selected)' if newest.version in chosen else ''}"
    return f"{which}: {dated(newest)}, with {nothing}{ships}"


def dated(release: Dated) -> str:
    """``2.1.0, 2024-08-18``."""
    return f"{release.version}, {release.uploaded}" if release.uploaded else release.version


def building(source: SourceBuild) -> str:
    """What the sdist shows of what it takes to build it."""
    if source.evidence is None:
        return f"what it takes to build {source.file} could not be read: {source.problem}"
    signs = f" ({', '.join(source.evidence.signs)})" if source.evidence.signs else ""
    if source.evidence.compiles:
        return f"{source.file} needs a compiler to be built{signs}; not tried"
    if source.evidence.compiles is None:
        return f"{source.file} does not show whether it needs a compiler{signs}"
    return f"{source.file} shows no compiled code{signs}"
