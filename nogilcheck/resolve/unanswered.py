"""Indexes that did not answer: one gap for each, whatever rests on it."""

from __future__ import annotations

from collections.abc import Iterable

from nogilcheck.model.artifact import Missing
from nogilcheck.model.graph import GapKind, GraphGap
from nogilcheck.model.verdict import PAGES_OF


def unanswered_indexes(partial: Iterable[tuple[str, Missing]], unknown: Iterable[Missing]) -> tuple[GraphGap, ...]:
    """The gaps of indexes that failed.

    ``partial``: projects that other indexes have, each with the failure of one that may have it as well. ``unknown``:
    why nothing is known of the other projects, each of which has a gap of its own.
    """
    of_index: dict[str, list[tuple[str, Missing]]] = {}
    for name, missing in (*partial, *(("", missing) for missing in unknown)):
        if missing.index:
            of_index.setdefault(missing.index, []).append((name, missing))
    gaps = []
    for index, failures in of_index.items():
        name, first = failures[0]
        if len(failures) > 1:
            reason = f"it {first.reason}" if first.reason else first.text
            text = f"{PAGES_OF.format(index)}: {reason}; what they list is unknown; the rest is judged without them"
            gaps.append(_gap(first, text, None))
        elif name:  # one page, of an index that may be well otherwise
            gaps.append(_gap(first, f"{first.text}; {name} is judged by what other indexes have", name))
    return tuple(gaps)


def _gap(missing: Missing, text: str, name: str | None) -> GraphGap:
    cause = Missing(kind=missing.kind, text=text, index=missing.index)
    return GraphGap(kind=GapKind.INDEX, text=text, missing=cause, distribution=name)
