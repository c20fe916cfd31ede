"""Who limits the versions of a project, and how: graph and inputs -> `Cap`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.model.graph import Graph
from nogilcheck.model.report.finding import Cap
from nogilcheck.model.source import Bounds, Location, Root

_NEWEST_MINOR = 40
"""Of the Pythons among which the oldest that a project is for is looked for."""


def caps_on(
    key: str,
    graph: Graph,
    roots: Sequence[Root],
    *,
    constraints: Iterable[Root] = (),
    overrides: Iterable[Root] = (),
    pins: Collection[Location] = (),
) -> tuple[Cap, ...]:
    """Every requirement that limits the versions of a distribution in the graph.

    ``roots`` as in `Inputs.all_roots`. A root that stands at one of ``pins`` is an entry of a lock: it says what was
    chosen, and limits nothing. An override takes the place of everything that the graph says.
    """
    name = graph.nodes[key].name
    of_user = [*_written(name, overrides)] or _of_graph(key, graph, roots, pins)
    return tuple(dict.fromkeys((*of_user, *_written(name, constraints))))


def _written(name: str, roots: Iterable[Root]) -> Iterator[Cap]:
    for root in roots:
        if root.name == name and root.specifier:
            yield Cap(by=str(root.location), specifier=root.specifier, location=root.location)


def _of_graph(key: str, graph: Graph, roots: Sequence[Root], pins: Collection[Location]) -> Iterator[Cap]:
    for edge in graph.edges_to(key):
        if edge.parent == key or not edge.specifier:
            continue
        if isinstance(edge.parent, int):
            location = roots[edge.parent].location
            if location not in pins:
                yield Cap(by=str(location), specifier=edge.specifier, location=location)
        else:
            parent = graph.nodes[edge.parent]
            by = f"{parent.name} {parent.version}" if parent.version else parent.name
            yield Cap(by=by, specifier=edge.specifier)


def floor_of(bounds: Bounds) -> tuple[Cap, Version] | None:
    """The oldest Python that a project is for, as a cap on what it can use; ``None`` where it does not say."""
    try:
        specifiers = SpecifierSet(bounds.requires_python or "")
        named = (spec.version.removesuffix(".*") for spec in specifiers if spec.operator != "===")
        pythons = sorted({*map(Version, named), *(Version(f"3.{minor}") for minor in range(_NEWEST_MINOR))})
        oldest = next((python for python in pythons if specifiers.contains(python, prereleases=True)), None)
    except ValueError:  # no specifier, or one with a number that Python refuses to read
        return None
    if oldest is None or not specifiers:
        return None
    cap = Cap(by=str(bounds.location), specifier=str(specifiers), location=bounds.location, floor=True)
    return cap, oldest
