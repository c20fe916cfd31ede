"""A plan that people read in a terminal: what to change, as a diff, and what stays blocked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from nogilcheck.model.lock import POETRY
from nogilcheck.model.plan import BOM, Move, Plan, RequirementChange, RequirementChangeKind, TargetPlan
from nogilcheck.model.report.report import UNDECIDED
from nogilcheck.model.source import COMMAND_LINE
from nogilcheck.model.verdict import Severity
from nogilcheck.report.next_steps import NextCommand, asked_again, extra_alone
from nogilcheck.report.origins import Origins, origins_of
from nogilcheck.report.rows import place_of_root, rows_of
from nogilcheck.report.terminal.commands import draw_commands
from nogilcheck.report.terminal.layout import MIN_WIDTH, wrap
from nogilcheck.report.terminal.page import INDENT, MARGIN, Page
from nogilcheck.report.terminal.sections import draw_gaps, draw_rows
from nogilcheck.report.terminal.style import FAINT, NAME, PLAIN, TITLE, VERBATIM, Line, begun, lines_of, text_of
from nogilcheck.report.terminal.summary import draw_header
from nogilcheck.report.words import counted, listed, safe

PYLOCK = "pylock.toml"

MAX_MOVES = 12
"""Distributions that change although no line of the user's says so, of which each is named; all with ``-v``."""

_BY_SIGN: Final = {"-": Severity.BLOCKER, "+": Severity.READY, " ": PLAIN}

_FORKS: Final = (
    "Poetry may lock a project in several releases, where markers tell Pythons apart. What it locks beyond the one "
    "release of each that is tried here is not proved: check poetry.lock again once it is written."
)
_USUAL: Final = {"--window-releases": 10, "--window-months": 12, "--prefer": "smallest"}
"""What need not be repeated to come to the same plan."""

_CAVEAT: Final = (
    "A plan changes only your own requirements. Installable does not mean thread-safe: test before you switch."
)


def render_plan(plan: Plan, *, width: int, colour: bool, verbose: bool) -> str:
    """The whole plan as text that ends with a newline; the arguments are those of `terminal.render`."""
    width = max(width, MIN_WIDTH)
    head = draw_header(Page(plan.report, [], width=width, verbose=verbose))
    several = len({one.project for one in plan.targets}) > 1
    blocks = [head]
    for one in plan.targets:
        blocks += _target(one, plan, width=width, verbose=verbose, several=several)
    if plan.reached_limit:
        blocks.append(lines_of(wrap(f"{plan.reached_limit}: there may be more to find.", width), Severity.GAP))
    blocks += [lines_of(wrap(_CAVEAT, width), FAINT), _next(plan, width)]
    return text_of(blocks, colour=colour)


def _target(one: TargetPlan, plan: Plan, *, width: int, verbose: bool, several: bool) -> Iterator[list[Line]]:
    name = f"{one.python} on {one.platform}" if len({t.platform for t in plan.targets}) > 1 else one.python
    name = f"{name}, {one.project}" if several and one.project else name
    role = Severity.READY if one.is_ready else Severity.BLOCKER if one.remaining else Severity.GAP
    yield begun(wrap(_headline(one, plan), width, first=f"{name}: ", rest=MARGIN), safe(f"{name}: "), NAME, role)
    yield _diff(one, width)
    yield _along(one, width, verbose=verbose)
    if one.kind == POETRY and one.blockers:
        yield lines_of(wrap(_FORKS, width, first=MARGIN, rest=MARGIN), FAINT)
    remaining = rows_of(one.after, Severity.BLOCKER)
    unknown = rows_of(one.after, Severity.GAP)
    page = Page(one.after, [*remaining, *unknown], width=width, verbose=verbose)
    yield draw_rows("Stays blocked" if one.changes or one.moves else "Blockers", remaining, page)
    yield draw_gaps(one.after, page)
    yield _brought_in(one, width)


def _headline(one: TargetPlan, plan: Plan) -> str:
    blockers, left = len(one.blockers), len(one.remaining)
    undecided = "; the unknowns are below" if one.after.verdict == UNDECIDED else ""
    if not blockers and not left:
        return f"nothing blocks it, so there is nothing to change{undecided}"
    if not one.changes and not one.moves and set(one.remaining) >= set(one.blockers):
        if not blockers:
            return "your own requirements exclude it"
        them = "the blocker" if blockers == 1 else f"any of the {blockers} blockers"
        return f"no other releases of your requirements were found that remove {them} {_within(plan)}{_stopped(one)}"
    freed = blockers - len(set(one.blockers) & set(one.remaining))
    gone = f"{freed} of the {blockers} blockers"
    if freed == blockers:
        gone = {1: "the blocker", 2: "both blockers"}.get(blockers, f"all {blockers} blockers")
    changed = sum(change.before is not None for change in one.changes)
    added = len(one.changes) - changed
    parts = [counted(number, noun) for number, noun in ((changed, "change"), (added, "added line")) if number]
    how = f"{listed(parts)}{', locked again,' if one.kind else ''}" if parts else "locking again"
    proof = (
        "verified by a second resolution" if one.verified else "NOT verified: a second resolution does not confirm it"
    )
    stays, it = ("remains", "it") if left == 1 else ("remain", "them")
    rest = (
        f"; {left} {stays}: no other releases were found that remove {it} {_within(plan)}{_stopped(one)}"
        if left
        else ""
    )
    return f"{how} {'remove' if len(one.changes) > 1 else 'removes'} {gone} ({proof}){rest}{undecided}"


def _stopped(one: TargetPlan) -> str:
    return ", but the search was stopped before its end: there may be more" if one.stopped else ""


def _within(plan: Plan) -> str:
    nearest = f"{plan.releases} nearest and " if plan.prefer == "smallest" else ""
    return f"within the window ({nearest}{plan.releases} newest releases that fit, {plan.months} months back)"


def _diff(one: TargetPlan, width: int) -> list[Line]:
    """The changed files as unified diffs, and in words what has no place in them."""
    lines: list[Line] = [_diff_line(line) for edit in one.edits for line in edit.diff]
    for change in one.by_hand:
        lines += lines_of(wrap(_by_hand(change), width, first=MARGIN, rest=INDENT))
    for change in one.changes:
        if change.kind is RequirementChangeKind.DROP_EXTRA:
            said = f"{change.project} loses an extra: what only that extra requires is no longer installed"
            lines += lines_of(wrap(said, width, first=MARGIN), FAINT)
    return lines


def _diff_line(line: str) -> Line:
    """A line of a diff as it is."""
    text = line.removesuffix("\n")
    mark = text[:2] if text[1:2] == BOM else ""
    shown = mark + "\t".join(map(safe, text.removeprefix(mark).removesuffix("\r").split("\t")))
    role = TITLE if text.startswith(("--- ", "+++ ")) else _BY_SIGN.get(text[:1], FAINT)
    return [VERBATIM, (shown, role), *([("\r", PLAIN)] if text.endswith("\r") else [])]


def _by_hand(change: RequirementChange) -> str:
    hashes = "".join(f" --hash={one}" for one in change.hashes)
    if change.before is None:
        return f"Add the requirement {change.after}{hashes}"
    where = "" if change.location is None else f" ({change.location})"
    if change.location is not None and change.location.path == COMMAND_LINE:
        where = " (on the command line)"
    return f"Change {change.before} to {change.after}{hashes}{where}"


def _along(one: TargetPlan, width: int, *, verbose: bool) -> list[Line]:
    """What else is installed in another version, newly, or not any more; and with what to lock again."""
    said = {change.project for change in one.changes}
    moves = [move for move in one.moves if move.project not in said]
    told = moves if verbose else moves[:MAX_MOVES]
    words = [_move(move) for move in told]
    if len(moves) > len(told):
        words.append(f"{len(moves) - len(told)} more (-v)")
    head = "Moves in the lock: " if one.kind and not one.changes else "Also changes: "
    lines = lines_of(wrap(f"{'; '.join(words)}.", width, first=MARGIN + head, rest=INDENT)) if words else []
    for command in one.commands:
        lines += lines_of([f"{MARGIN}$ {safe(command)}"])
    if one.kind == PYLOCK and not one.commands and set(one.remaining) < set(one.blockers):
        lines += lines_of(wrap(f"Lock again with the tool that wrote it, run by {one.python}.", width, first=MARGIN))
    return lines


def _move(move: Move) -> str:
    if move.after is None:
        return f"removes {move.project}"
    return f"{move.project} {move.before} to {move.after}" if move.before else f"adds {move.project} {move.after}"


def _brought_in(one: TargetPlan, width: int) -> list[Line]:
    """Which of the user's requirements bring in what stays blocked: the smallest cut is among them."""
    left = set(one.remaining)
    if not left:
        return []
    found = _sources(one, origins_of(one.after)[one.target])
    if not found or (len(one.after.roots) == 1 and len(found) == 1):
        return []
    found.sort(key=lambda source: (-len(source[2]), -len(source[1]), source[0]))
    decisive = [source for source in found if source[2]]
    lines: list[Line] = [[("Removing a requirement", TITLE)]]
    for words, _, alone in decisive:
        gone = "all that is left" if alone == left else f"{len(alone)} of the {len(left)} blockers"
        which = "" if alone == left else f": {listed(sorted(alone))}"
        lines += lines_of(wrap(f"{words} removes {gone}{which}", width, first=MARGIN, rest=INDENT))
    return lines if decisive else []


def _sources(one: TargetPlan, origins: Origins) -> list[tuple[str, set[str], set[str]]]:
    """For each requirement of the user's: its words and place, what it brings, and what it alone brings."""
    report = one.after
    chosen = [(d.name, d.version) for d in report.distributions if d.name in one.remaining]
    leading = {blocker: origins.positions(blocker) for blocker in chosen}
    found: dict[tuple[str, ...], tuple[str, set[str], set[str]]] = {}
    for position in dict.fromkeys(position for roots in leading.values() for position in roots):
        brings = {name for (name, _), roots in leading.items() if position in roots}
        alone = {name for (name, _), roots in leading.items() if roots == [position]}
        root = report.roots[position]
        where = place_of_root(root)
        name = next(name for (name, _), positions in origins.roots.items() if position in positions)
        extra = extra_alone(name, [one for one in report.findings if one.distribution in alone]) if alone else None
        what = f"the `{extra}` extra of {name}" if extra else root.requirement
        words = f"{what} ({where})" if where else what
        found[words, *sorted(brings)] = (words, brings, alone)
    return list(found.values())


def _next(plan: Plan, width: int) -> list[Line]:
    """How to apply the plan, and where to read about a blocker that it leaves."""
    counting = [one for one in plan.targets if not one.allowed] or list(plan.targets)
    again = asked_again(plan.report)
    commands: list[NextCommand] = []
    if planned := next((one for one in counting if one.changes and not one.kind), None):
        alone = replace(plan.report, options={**plan.report.options, "pythons": (planned.python,)})
        given = {"--window-releases": plan.releases, "--window-months": plan.months, "--prefer": plan.prefer}
        words = [
            *(again if len(counting) == 1 else asked_again(alone)),
            *(word for flag, its in given.items() if its != _USUAL[flag] for word in (flag, str(its))),
            *(word for path in [edit.path for edit in planned.edits] or ["planned.txt"] for word in ("--write", path)),
        ]
        commands.append(
            NextCommand(words=("nogilcheck", "plan", *words), about="writes the changes; then run your tests")
        )
    blocked = next((one for one in counting if one.remaining), None)
    if blocked is not None and (name := next(iter(blocked.remaining), None)) in blocked.blockers:
        commands.append(NextCommand(words=("nogilcheck", "why", str(name), *again), about=f"everything about {name}"))
    return draw_commands(commands, width)
