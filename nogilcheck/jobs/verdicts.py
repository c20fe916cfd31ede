"""Decide about every distribution on a target; what is pure is decided once for the targets to which it looks alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from nogilcheck.classify.decide import archives_needed, decide
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.jobs.archives_read import located
from nogilcheck.model.artifact import ProjectPage, ReleaseFile
from nogilcheck.model.graph import Node
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Status, Verdict
from nogilcheck.resolve.plan.shared_candidates import FOR_ALL, view_of_all


class Verdicts:
    """The verdicts of one run."""

    def __init__(self) -> None:
        self._pure: dict[str, list[tuple[object, Node, Verdict]]] = {}
        """By name, with the view of the target."""

    def on(
        self,
        nodes: Mapping[str, Node],
        target: Target,
        fetcher: IndexFetcher,
        page_of: Callable[[Node], ProjectPage | None],
    ) -> dict[str, Verdict]:
        """What a target gets, by key; ``page_of``: the page for a decision. Blocks."""
        view = view_of_all(target), view_of_all(target.installer)
        known = {key: self._known(node, view) for key, node in nodes.items()}
        left = {key: node for key, node in nodes.items() if known[key] is None}
        needed = {key: located(node, archives_needed(node.files, target), fetcher) for key, node in left.items()}
        for need in needed.values():
            need.prefetch(fetcher)
        for key, node in left.items():
            verdict = decide(node, target, page=page_of(node), archives=needed[key].read(fetcher))
            known[key] = verdict
            if verdict.status is Status.PURE and not verdict.reasons and all(map(_is_for_all, node.files)):
                self._pure.setdefault(node.name, []).append((view, node, verdict))
        return {key: verdict for key, verdict in known.items() if verdict is not None}

    def _known(self, node: Node, view: object) -> Verdict | None:
        alike = (verdict for seen, other, verdict in self._pure.get(node.name, ()) if seen == view and other == node)
        return next(alike, None)


def _is_for_all(file: ReleaseFile) -> bool:
    return file.kind == "sdist" or file.tags.endswith(FOR_ALL)
