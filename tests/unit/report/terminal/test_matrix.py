from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.report.report import Report
from nogilcheck.model.verdict import Severity, Status, Verdict
from nogilcheck.report.terminal.report import render
from nogilcheck.report.terminal.symbols import signs_for
from nogilcheck.report.words import word_of
from tests.support.matrix_reader import read_lines, read_matrix
from tests.support.reports import (
    FLOORS,
    SCIENCE,
    Link,
    World,
    blocked,
    everywhere,
    ready,
    root,
    target,
    unknown,
    warned,
)

SECTIONS = {
    Severity.BLOCKER: "Blockers",
    Severity.WARNING: "Warnings",
    Severity.GAP: "Unknown",
}


def drawn(report: Report, *, width: int = 80, colour: bool = False) -> str:
    return render(report, width=width, colour=colour, verbose=False)


BAD = (Status.UNAVAILABLE, Status.SOURCE_ONLY, Status.OTHER_PLATFORM, Status.OTHER_PYTHON, Status.GIL_ONLY)
VERDICTS: tuple[Verdict, ...] = (
    *map(blocked, (*BAD, Status.GIL_ENABLED)),
    *map(warned, (Status.PURE_FALLBACK, Status.SOURCE_PURE)),
    unknown(),
    ready(),
    ready(Status.FREE_THREADED),
)
NAMES = ("numpy", "grpcio", "a-long-name-as-some")


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Five targets or more, and any verdict anywhere."""
    pythons = draw(st.lists(st.sampled_from(("3.13t", "3.14", "3.14t", "3.15t")), min_size=1, unique=True))
    known = st.sampled_from((*FLOORS, "manylinux_2_28_x86_64"))
    platforms = draw(st.lists(known, min_size=-(-5 // len(pythons)), unique=True))
    targets = [target(python, platform) for python in pythons for platform in platforms]
    if len(targets) > 5 and draw(st.booleans()):
        targets.pop(draw(st.integers(0, len(targets) - 1)))
    return World(
        targets=targets,
        roots=(root("a", 1),),
        links=[Link(parent=0, child=name) for name in NAMES],
        versions=dict.fromkeys(NAMES, "1.0"),
        verdicts={name: {each.id: draw(st.sampled_from(VERDICTS)) for each in targets} for name in NAMES},
    )


def said(report: Report, severity: Severity) -> dict[tuple[str, str], str]:
    """What the section of this severity has to say: a row for every distribution that has a finding in it."""
    rows = {finding.distribution for finding in report.findings if finding.severity is severity}
    return {
        (f"{each.name} {each.version}", on): "ready"
        if assessment.verdict.severity is Severity.READY
        else word_of(assessment.verdict.status)
        for each in report.distributions
        if each.name in rows
        for on, assessment in each.targets.items()
    }


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(worlds(), st.sampled_from((60, 80, 120)))
def test_every_status_can_be_read_off_the_matrix(world: World, width: int) -> None:
    report = world.report()
    text = drawn(report, width=width)
    for severity, title in SECTIONS.items():
        if expected := said(report, severity):
            assert read_matrix(text, title, report.targets) == expected


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
@given(worlds())
def test_every_status_can_be_read_off_the_lines_of_a_narrow_terminal(world: World) -> None:
    report = world.report()
    text = drawn(report, width=30)
    for severity, title in SECTIONS.items():
        if expected := said(report, severity):
            assert read_lines(text, title, report.targets) == expected


def test_the_legend_has_only_the_signs_that_are_there() -> None:
    (legend,) = (line for line in drawn(SCIENCE.report()).splitlines() if line.startswith("  f = "))
    assert legend == "  f = pure fallback, h = held back, . = ready"


def test_pythons_have_lines_where_they_do_not_fit_side_by_side() -> None:
    report = replace(SCIENCE, targets=everywhere("3.12t", "3.13t", "3.14t", "3.15t", "3.16t")).report()
    lines = drawn(report).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("  psutil 7.2.2"))
    assert lines[start : start + 5] == [
        "  psutil 7.2.2             3.12t  . . O O . . . .",
        "                           3.13t  . . O O . . . .",
        "                           3.14t  . . O O . . . .",
        "                           3.15t  P P P P P P P P",
        "                           3.16t  . . O O . . . .",
    ]


def test_platforms_without_a_name_are_numbered_and_the_key_says_which() -> None:
    tags = ("manylinux_2_28_x86_64", "linux-x86_64", "musllinux_1_2_armv7l")
    targets = tuple(target(python, tag) for python in ("3.13t", "3.14t") for tag in tags)
    text = drawn(replace(SCIENCE, targets=targets).report())
    assert "#1 = manylinux_2_28_x86_64 (glibc 2.34), lin = linux (glibc 2.34)," in text
    assert "\n                           #1 lin #3  #1 lin #3\n" in text


def test_many_pythons_on_one_platform_need_no_heads_for_it() -> None:
    targets = tuple(target(python) for python in ("3.11", "3.12", "3.13t", "3.14t", "3.15t"))
    lines = drawn(replace(SCIENCE, targets=targets).report(), width=100).splitlines()
    start = lines.index("Blockers                   3.11  3.12  3.13t  3.14t  3.15t")
    assert lines[start + 1] == "  polars-runtime-32 2.1.0  G     G     G      G      G"
    assert not any("Platforms" in line for line in lines)


def test_another_version_is_another_row_with_a_dash_everywhere_else() -> None:
    report = SCIENCE.report()
    psutil = next(each for each in report.distributions if each.name == "psutil")
    old = {on: psutil.targets[on] for on in psutil.targets if on.startswith("cp313t")}
    new = {on: psutil.targets[on] for on in psutil.targets if on not in old}
    report = replace(
        report,
        distributions=(
            *(each for each in report.distributions if each is not psutil),
            replace(psutil, version="7.1.0", targets=old),
            replace(psutil, targets=new),
        ),
        findings=tuple(
            replace(f, version="7.1.0") if f.distribution == "psutil" and f.target in old else f
            for f in report.findings
        ),
    )
    text = drawn(report, width=100)
    assert "  psutil 7.1.0             . . O O . . . .  - - - - - - - -  - - - - - - - -\n" in text
    assert "  psutil 7.2.2             - - - - - - - -  . . O O . . . .  P P P P P P P P\n" in text
    assert ". = ready,\n" in text or ". = ready, - = not in this graph" in text


def test_signs_differ_whatever_the_words() -> None:
    words = [*map(word_of, Status), "ready", "-", "held back", "odd tag", *(f"word {n}" for n in range(30))]
    signs = signs_for(words)
    assert len(set(signs.values())) == len(set(words))
    assert all(len(sign) == 1 and sign.isascii() for sign in signs.values())
    assert set(signs_for(f"word {n}" for n in range(100)).values()) >= {"*"}


def test_colour_marks_the_signs() -> None:
    text = drawn(SCIENCE.report(), colour=True)
    assert "\x1b[31mG\x1b[0m \x1b[31mG\x1b[0m" in text
    assert "\x1b[33mf\x1b[0m" in text
    assert "\x1b[35m?\x1b[0m" in text


def test_targets_that_are_alike_share_a_line_and_the_platforms_are_told_once() -> None:
    lines = drawn(SCIENCE.report(), width=120).splitlines()
    assert "  3.15t  everywhere but windows-arm64  BLOCKED  3 blockers    6 ready; 1 to 2 warnings" in lines
    assert sum("glibc 2.34" in line for line in lines) == 1
    all_ready = replace(SCIENCE, verdicts={}, held_back={}, gaps=()).report()
    text = drawn(all_ready)
    assert "  3.14t  everywhere  READY    9 ready\n" in text
    assert "  Platforms: linux (glibc 2.34), musllinux (musl 1.2), macOS 14.0, Windows\n" in text


def test_few_targets_whose_words_do_not_fit_have_signs_and_their_key() -> None:
    targets = tuple(t for t in everywhere("3.14t", "3.15t") if t.platform in {"linux-x86_64", "macos-arm64"})
    text = drawn(replace(SCIENCE, targets=targets).report())
    assert "\n                           lin mac  lin mac\n                           x   a    x   a\n" in text
    assert "lin = linux (glibc 2.34), mac = macOS 14.0, x = x86_64," in text
    assert "3.14t and 3.15t on 2 platforms" in text
