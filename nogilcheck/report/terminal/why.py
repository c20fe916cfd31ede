"""An explanation for people: what a project gets, who requires it, what there is instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from nogilcheck.frozen import frozen
from nogilcheck.model.explanation import Direct, Presence, ProjectExplanation, Upstream
from nogilcheck.model.verdict import Severity, Status
from nogilcheck.report.ledger import facts_of, with_sources
from nogilcheck.report.reasons import Clause, why
from nogilcheck.report.rows import LEFT_OUT, left_out, place_of_root
from nogilcheck.report.sentences import advised, in_words
from nogilcheck.report.shared_state import SHARED_STATE
from nogilcheck.report.terminal.chain_lines import chain_units
from nogilcheck.report.terminal.evidence import draw_shared_state, draw_source
from nogilcheck.report.terminal.labels import WHY, labelled, paragraphs
from nogilcheck.report.terminal.layout import MIN_WIDTH, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN, Page
from nogilcheck.report.terminal.release_history import building, offering, standing
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, Line, begun, lines_of, text_of
from nogilcheck.report.terminal.summary import draw_header
from nogilcheck.report.words import counted, finding_text, listed, safe, word_of_verdict

MAX_CHAINS = 8
"""Chains that are shown for one version where not all are asked for."""
MAX_NAMES = 8
"""The user's own dependencies that are named, likewise."""
MAX_WHEELS = 2
"""File names of what targets install, likewise."""

_STATUSES: Final = frozenset(status.value for status in Status)
_LABELS: Final = {"source": "repository", "issues": "issues", "changelog": "changelog", "homepage": "homepage"}
"""Well-known label -> what people call it, in the order of use to them."""


def render(explanation: ProjectExplanation, *, width: int, colour: bool, verbose: bool) -> str:
    """The text, with a final newline, in lines of at most ``width`` columns; ``verbose`` cuts nothing short."""
    page = Page(explanation.report, [], width=max(width, MIN_WIDTH), verbose=verbose)
    blocks = [draw_header(page)]
    for version, found in _by_version(explanation.presences).items():
        blocks += _Version(explanation, version, found, page).blocks()
    blocks += [_left_out(explanation, page)]
    blocks += [
        _index(explanation, page),
        _advice(explanation, page),
        _evidence(explanation, page),
        *_shared_state(explanation, page),
        _upstream(explanation, page),
        _gaps(explanation, page),
    ]
    return text_of(blocks, colour=colour)


def _by_version(presences: Iterable[Presence]) -> dict[str | None, list[Presence]]:
    found: dict[str | None, list[Presence]] = {}
    for one in presences:
        found.setdefault(one.version, []).append(one)
    return found


@frozen
class _ExplainedTarget:
    """Texts with the targets that they hold for; those that hold for the same targets stand together."""

    page: Page
    about: tuple[str, ...]
    """All the targets there are to tell of."""

    def lines(self, texts: Mapping[str, Sequence[str]]) -> list[str]:
        """Each text on lines of its own, after the names of its targets where it does not hold for all of them."""
        return [
            line
            for text, ids in texts.items()
            for line in wrap(self.head(ids) + text, self.page.width, first=MARGIN, rest=INDENT)
        ]

    def head(self, ids: Sequence[str]) -> str:
        """``3.14t: ``; nothing for all of them."""
        return "" if set(ids) == set(self.about) else f"{self.page.scope.words(ids)}: "


class _Version:
    """One chosen version."""

    def __init__(
        self, explanation: ProjectExplanation, version: str | None, found: Sequence[Presence], page: Page
    ) -> None:
        self._name = explanation.name
        self._title = f"{explanation.name} {version}" if version else explanation.name
        self._found = found
        self._page = page
        self._told = _ExplainedTarget(page=page, about=tuple(one.target for one in found))

    def blocks(self) -> list[list[Line]]:
        """What it gets, who requires it, what depends on it."""
        return [self._statuses(), self._chains(), self._needs()]

    def _statuses(self) -> list[Line]:
        lines = lines_of(wrap(self._title, self._page.width), NAME)
        for (word, severity), ids in _grouped(self._found, _standing).items():
            on = wrap(self._page.scope.words(ids), self._page.width, first=f"{MARGIN}{word} on ", rest=INDENT)
            lines += begun(on, MARGIN + word, severity)
            about = self._clauses([one for one in self._found if one.target in ids])
            texts = in_words(about, self._page)
            if severity is Severity.READY:
                lines += lines_of(line for text in texts for line in wrap(text, self._page.width, first=INDENT))
            else:
                lines += labelled(WHY, texts, self._page.width)
        absent = [target.id for target in self._page.targets if target.id not in self._told.about]
        if absent:
            text = f"not in the graph, or at another version, on {self._page.scope.words(absent)}"
            lines += paragraphs([text], self._page.width)
        remarks: dict[str, list[str]] = {}
        for one in self._found:
            for text in _remarks(one):
                remarks.setdefault(text, []).append(one.target)
        return lines + lines_of(self._told.lines(remarks))

    def _clauses(self, found: Sequence[Presence]) -> dict[str, list[Clause]]:
        """By target: why it gets that; of what is ready which wheel, where that is soon said."""
        about = {one.target: why(one.verdict, one.version) if one.verdict else [] for one in found}
        wheels = {
            one.target: one.verdict.wheel for one in found if one.verdict and one.verdict.severity is Severity.READY
        }
        if self._page.verbose or len(set(wheels.values())) <= MAX_WHEELS:
            for target, wheel in wheels.items():
                about[target] += [Clause(text=f"installs {wheel}")] if wheel else []
        return about

    def _chains(self) -> list[Line]:
        lines: list[Line] = [[("Required by", TITLE)]]
        shown = None if self._page.verbose else MAX_CHAINS
        for (paths, more), ids in _grouped(self._found, lambda one: (one.paths, one.more_paths)).items():
            if head := self._told.head(ids):
                lines += lines_of(wrap(head, self._page.width, first=MARGIN, rest=INDENT))
            for path in paths[:shown]:
                lines += paragraphs([chain_units(path, self._page, every_step=True)], self._page.width)
            left = more + len(paths[shown:] if shown else ())
            if left:
                hint = "" if self._page.verbose or not paths[MAX_CHAINS:] else " (`-v` shows more)"
                lines += paragraphs([f"and {counted(left, 'more chain')} as short{hint}"], self._page.width, FAINT)
        return lines

    def _needs(self) -> list[Line]:
        blocked = any(one.verdict and one.verdict.severity is Severity.BLOCKER for one in self._found)
        texts: dict[str, list[str]] = {}
        for one in self._found:
            texts.setdefault(self._need(one), []).append(one.target)
        return [[("Holds back" if blocked else "Needed by", TITLE)], *lines_of(self._told.lines(texts))]

    def _need(self, one: Presence) -> str:
        others = [direct for direct in one.direct if direct.name != self._name]
        own = next((direct for direct in one.direct if direct.name == self._name), None)
        said = []
        if own:
            places = [place for root in own.roots if (place := place_of_root(self._page.report.roots[root]))]
            said.append(f"you require it yourself{f' ({listed(places)})' if places else ''}")
        if not one.needed_by:
            return "; ".join([*said, "nothing else needs it"])
        if others and len(others) == one.needed_by:
            where = f" where {listed([f'`{marker}`' for marker in one.markers], last='or')}" if one.markers else ""
            return "; ".join([*said, f"{listed(self._named(others))} cannot be installed without it{where}"])
        as_asked = " as they are asked for here" if any(direct.extras for direct in others) else ""
        said.append(f"{counted(one.needed_by, 'other distribution')} cannot be installed without it{as_asked}")
        return "; ".join(said) + (f", among them {self._yours(others)}" if others else "")

    def _yours(self, others: Sequence[Direct]) -> str:
        """What the user asks for that depends on it, and how much of everything that is."""
        asked, total = len({root for direct in others for root in direct.roots}), len(self._page.report.roots)
        some = f"all {total}" if asked == total else f"{asked} of your {total}"
        which = "what you require" if total == 1 else f"{some} {'of your ' if asked == total else ''}requirements"
        return f"{which}: {listed(self._named(others))}"

    def _named(self, directs: Sequence[Direct]) -> list[str]:
        names = []
        for direct in directs:
            places = dict.fromkeys(
                filter(None, (place_of_root(self._page.report.roots[root]) for root in direct.roots))
            )
            name = f"{direct.name}[{','.join(direct.extras)}]" if direct.extras else direct.name
            names.append(f"{name} ({', '.join(places)})" if places else name)
        if len(names) > MAX_NAMES and not self._page.verbose:
            names = [*names[: MAX_NAMES - 1], f"{len(names) - MAX_NAMES + 1} more"]
        return names


def _standing(one: Presence) -> tuple[str, str]:
    """What the target gets, in a word or two, and how much that counts."""
    verdict = one.verdict
    if verdict is None:
        return "a project on the disk, which is not judged", PLAIN
    word = word_of_verdict(verdict)
    return (f"ready, {word}" if verdict.severity is Severity.READY else word), verdict.severity


def _remarks(one: Presence) -> Iterator[str]:
    for finding in one.findings:
        if finding.status not in _STATUSES:
            yield finding_text(finding)
        if finding.suppressed_by is not None:
            yield f"ignored: {finding.suppressed_by}"


def _grouped(found: Sequence[Presence], key: Callable[[Presence], tuple[object, ...]]) -> dict[Any, list[str]]:
    """The targets that have the same, in the order of the first of each."""
    groups: dict[Any, list[str]] = {}
    for one in found:
        groups.setdefault(key(one), []).append(one.target)
    return groups


def _left_out(explanation: ProjectExplanation, page: Page) -> list[Line]:
    """The requirements on it that do not apply; without any other it is in no graph, and they are all there is."""
    roots = [explanation.report.roots[position] for position in explanation.left_out]
    texts = [one.text for one in left_out(replace(explanation.report, roots=tuple(roots)))]
    names = lines_of(wrap(explanation.name, page.width), NAME) if texts and not explanation.presences else []
    head = (f"{LEFT_OUT}: the marker does not hold", TITLE)
    return [*names, [head], *paragraphs(texts, page.width)] if texts else []


def _index(explanation: ProjectExplanation, page: Page) -> list[Line]:
    listed_ = explanation.listed
    title = f"On {listed(listed_.indexes)}" if listed_ and listed_.indexes else "On the index"
    chosen = {one.version for one in explanation.presences}
    lines: list[Line] = []
    if listed_ is not None:
        if said := standing(listed_):
            lines += paragraphs([said], page.width, Severity.WARNING)
        told = _ExplainedTarget(page=page, about=tuple(offer.target for offer in listed_.offers))
        lines += lines_of(told.lines(offering(listed_, chosen, page.scope)))
    elif explanation.not_listed:
        lines += paragraphs([explanation.not_listed], page.width)
    for source in explanation.sources:
        lines += [*paragraphs([building(source)], page.width), *draw_source(source.readings, page.width, INDENT)]
    return [*lines_of(wrap(title, page.width), TITLE), *lines] if lines else []


def _advice(explanation: ProjectExplanation, page: Page) -> list[Line]:
    texts: dict[str, list[str]] = {}
    for one in explanation.presences:
        for finding in one.findings:
            for advice in finding.advice:
                if advice.text:
                    texts.setdefault(advised(advice), []).append(one.target)
    told = _ExplainedTarget(page=page, about=tuple(dict.fromkeys(one.target for one in explanation.presences)))
    blocked = any(f.severity is Severity.BLOCKER for one in explanation.presences for f in one.findings)
    title = "What would free it" if blocked else "What to do"
    return [[(title, TITLE)], *lines_of(told.lines(texts))] if texts else []


def _evidence(explanation: ProjectExplanation, page: Page) -> list[Line]:
    """Every fact of the ledger, each with its source, which is never broken."""
    lines: list[Line] = []
    for text, source, day in with_sources(facts_of(explanation.report, explanation.name)):
        lines += paragraphs([f"{text} ({day})"], page.width)
        lines.append([(INDENT + safe(source), FAINT)])
    return [[("Evidence", TITLE)], *lines] if lines else []


def _shared_state(explanation: ProjectExplanation, page: Page) -> Iterator[list[Line]]:
    """What a scan found in the Python sources of each chosen version."""
    for one in explanation.report.distributions:
        if one.name == explanation.name and one.shared_state:
            title = f"{SHARED_STATE} in {safe(one.name)} {safe(one.version or '')}"
            yield [[(title, TITLE)], *draw_shared_state(one.shared_state, page.width)]


def _upstream(explanation: ProjectExplanation, page: Page) -> list[Line]:
    upstream = explanation.upstream
    if upstream is None or not (upstream.links or upstream.free_threading):
        return []
    links = dict(upstream.links)
    width = max(map(len, _LABELS.values())) + 2
    rows = [(f"{MARGIN}{word:{width}}", links[label]) for label, word in _LABELS.items() if label in links]
    shown = [head + safe(url) for head, url in rows]  # never broken: a terminal makes a link of it
    return [[("Upstream", TITLE)], *lines_of(shown), *paragraphs(_claims(upstream), page.width)]


def _claims(upstream: Upstream) -> Iterator[str]:
    for level in upstream.free_threading:
        classifier = f"Free Threading :: {level}" if level else "Free Threading"
        yield f"{upstream.version} claims `{classifier}` for itself, which says nothing of its wheels"


def _gaps(explanation: ProjectExplanation, page: Page) -> list[Line]:
    texts = [f"{explanation.reached_limit}: there may be more to tell."] if explanation.reached_limit else []
    if gaps := page.report.gaps:
        texts.append(f"{counted(len(gaps), 'unknown')} (`nogilcheck check` lists them): more may require it.")
    return lines_of([line for text in texts for line in wrap(text, page.width)], FAINT)
