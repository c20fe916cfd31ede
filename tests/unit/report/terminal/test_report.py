from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.model.report.finding import Finding, Gap
from nogilcheck.model.report.report import Report
from nogilcheck.model.report.requirements import ReportRoot
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile, Location
from nogilcheck.model.verdict import Cause, ReasonCode, Severity, Status, Verdict
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.terminal.report import render
from tests.support.report_strategy import HOSTILE, reports
from tests.support.reports import (
    AIRFLOW,
    SCIENCE,
    WEB,
    Link,
    World,
    blocked,
    everywhere,
    ready,
    reason,
    root,
    target,
    unknown,
)

GOLDEN = Path(__file__).parent / "golden"
SGR = re.compile(r"\x1b\[\d+m")
SCIENCE_16 = replace(SCIENCE, targets=everywhere("3.14t", "3.15t"))
CASES = [
    (name, world, width, verbose)
    for name, world in (("airflow", AIRFLOW), ("web", WEB))
    for width, verbose in ((80, False), (120, False), (100, True))
]
CASES += [
    (name, world, width, False)
    for name, world in (("science-24", SCIENCE), ("science-16", SCIENCE_16))
    for width in (80, 120)
]


def drawn(report: Report, *, width: int = 100, colour: bool = False, verbose: bool = False) -> str:
    return render(report, width=width, colour=colour, verbose=verbose)


def golden(name: str, width: int, *, verbose: bool) -> Path:
    return GOLDEN / f"{name}-{width}{'-verbose' if verbose else ''}.txt"


@pytest.mark.parametrize(("name", "world", "width", "verbose"), CASES)
def test_it_reads_as_agreed(name: str, world: World, width: int, verbose: bool) -> None:
    """After an intended change: ``python -m tests.unit.report.terminal.test_report``, and read the difference."""
    expected = golden(name, width, verbose=verbose).read_text(encoding="utf-8")
    assert drawn(world.report(), width=width, verbose=verbose) == expected


@pytest.mark.parametrize("world", [AIRFLOW, WEB, SCIENCE, SCIENCE_16])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal(world: World, verbose: bool) -> None:
    report = world.report()
    for width in (*range(40, 101), 120, 160, 200):
        for line in drawn(report, width=width, verbose=verbose).splitlines():
            assert cells(line) <= width or " " not in line.strip().removeprefix("→ "), (width, line)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=50)
@given(reports(), st.integers(1, 200), st.booleans())
def test_any_report_is_drawn_safely_and_the_same_after_a_round_trip(report: Report, width: int, verbose: bool) -> None:
    text = drawn(report, width=width, verbose=verbose)
    assert all(line.isprintable() and line == line.rstrip() for line in text.split("\n"))
    assert text.endswith("\n")
    assert drawn(Report.from_json(report.to_json()), width=width, verbose=verbose) == text
    coloured = drawn(report, width=width, verbose=verbose, colour=True)
    assert SGR.sub("", coloured) == text


def test_colour_marks_the_statuses() -> None:
    text = drawn(AIRFLOW.report(), colour=True)
    assert "\x1b[31mGIL-only\x1b[0m" in text
    assert "\x1b[33mpure fallback\x1b[0m" in text
    assert "\x1b[31mBLOCKED  3 blockers\x1b[0m" in text
    assert "\x1b[32mREADY\x1b[0m" in drawn(WEB.report(), colour=True)


@pytest.mark.parametrize("world", [AIRFLOW, WEB])
def test_the_numbers_of_a_target_add_up_to_its_distributions(world: World) -> None:
    for line in drawn(world.report(), width=200).splitlines()[2:4]:
        blockers, ready, kinds, unknown = (
            sum(map(int, re.findall(pattern, line)))
            for pattern in (
                r"(\d+) blocker",
                r"(\d+) ready",
                r"(?<=[(, ])(\d+) (?=pure|free|abi3t|no-abi)",
                r"(\d+) unk",
            )
        )
        assert blockers + ready + unknown == len(world.versions)
        assert kinds == ready


@pytest.mark.parametrize("text", [text for text in HOSTILE if text])
def test_texts_of_strangers_cannot_drive_the_terminal(text: str) -> None:
    world = World(
        targets=(target("3.14t"),),
        roots=(ReportRoot(requirement=text, path=text, line=1, group=text),),
        links=(Link(parent=0, child=text, specifier=text, marker=text, extra=text),),
        versions={text: text},
        verdicts={text: blocked(Status.GIL_ONLY, reason(ReasonCode.GIL_WHEELS, text))},
        held_back={text: (text, text)},
        gaps=(Gap(rule="NGC201", text=text, distribution=text, location=Location(path=text)),),
        notes=(text,),
    )
    for colour in (False, True):
        for width in (40, 120):
            shown = SGR.sub("", drawn(world.report(), width=width, colour=colour, verbose=True))
            assert all(line.isprintable() for line in shown.split("\n"))


def one(verdict: Status = Status.GIL_ONLY, **values: object) -> Report:
    """One requirement, blocked on one target."""
    world = World(
        targets=(target("3.14t"),),
        roots=(root("grpcio", 3),),
        links=(Link(parent=0, child="grpcio"),),
        versions={"grpcio": "1.85.1"},
        verdicts={"grpcio": blocked(verdict)},
    )
    return replace(world.report(), **values)  # type: ignore[arg-type]


def test_an_allowed_target_is_marked() -> None:
    report = AIRFLOW.report()
    allowed = replace(report, targets=(report.targets[0], replace(report.targets[1], allowed=True)))
    assert "  3.15t  BLOCKED  5 blockers (allowed)    14 ready (9 pure" in drawn(allowed)
    assert "(allowed)" not in drawn(report)


def test_blockers_that_are_not_the_free_threaded_builds_doing_are_told_apart() -> None:
    report = AIRFLOW.report()
    assert "1 has no wheel for regular 3.15 either" in drawn(report)
    python = replace(report, findings=tuple(replace(f, cause=f.cause and Cause.PYTHON) for f in report.findings))
    assert "all 3 have no wheel for regular 3.14 either" in drawn(python)
    nobody = one(findings=tuple(replace(f, cause=Cause.SOURCE) for f in one().findings))
    assert "it has no wheel for any Python on linux-x86_64" in drawn(nobody)


def aside(*, warnings: bool = False) -> Report:
    report = AIRFLOW.report()
    return replace(
        report,
        findings=tuple(
            replace(one, suppressed_by="waived: no release yet")
            if (one.severity is Severity.WARNING) is warnings and one.severity is not Severity.GAP
            else one
            for one in report.findings
        ),
    )


def test_a_waived_blocker_says_so_in_brief() -> None:
    report = one(findings=tuple(replace(f, suppressed_by="waived: no release yet") for f in one().findings))
    text = drawn(report)
    assert "BLOCKED  1 blocker (1 ignored)" in text
    assert re.search(r"grpcio 1\.\d\S* +GIL-only +waived: no release yet\n\n", text)
    assert "waits for" not in text
    assert "r.txt:3  grpcio" not in text
    everything = drawn(report, verbose=True)
    assert "    from   r.txt:3  grpcio\n" in everything
    assert "    note   waived: no release yet\n" in everything


def test_a_warning_that_does_not_count_is_listed_on_request() -> None:
    report = aside(warnings=True)
    assert "\nWarnings" not in drawn(report)
    assert "\nWarnings" in drawn(report, verbose=True)
    assert "\nWarnings" in drawn(AIRFLOW.report())


@pytest.mark.parametrize("verbose", [False, True])
def test_the_warnings_that_are_counted_are_those_that_are_listed(verbose: bool) -> None:
    report = one(Status.PURE_FALLBACK)
    (fallback,) = (replace(finding, severity=Severity.WARNING) for finding in report.findings)
    intent = replace(fallback, rule="NGC114", status="excluded-by-intent", detail=("Requires-Python is !=3.14", "3.14"))
    cap = replace(intent, rule="NGC111", status="python-cap", distribution="six", version=None, detail=("six",))
    stale = replace(cap, rule="NGC109", status="baseline-stale")
    text = drawn(replace(report, findings=(fallback, intent, cap, stale)), verbose=verbose)
    section = re.search(r"\nWarnings.*?\n(.*?)\n\n\S", text, re.DOTALL)
    assert section
    listed = [line for line in section[1].split("\n") if re.match(r"  \S", line)]
    assert re.findall(r"  3\.14t  .*\b(\d+) warnings\n", text) == [str(len(listed))] == ["4" if verbose else "3"]


def test_what_the_policy_makes_of_a_blocker_stands_beside_the_verdict() -> None:
    def made(severity: Severity) -> str:
        return drawn(one(findings=tuple(replace(finding, severity=severity) for finding in one().findings)))

    assert "BLOCKED  1 blocker (1 as a warning)" in made(Severity.WARNING)
    assert re.search(r"BLOCKED  1 blocker\n|BLOCKED  1 blocker  ", made(Severity.BLOCKER))


def test_a_target_that_chose_another_version_has_a_dash() -> None:
    report = AIRFLOW.report()
    grpcio = next(d for d in report.distributions if d.name == "grpcio")
    first, second = grpcio.targets
    elsewhere = replace(grpcio, version="1.80.0", targets={second: replace(grpcio.targets[second], verdict=ready())})
    report = replace(
        report,
        distributions=(
            *(d for d in report.distributions if d is not grpcio),
            replace(grpcio, targets={first: grpcio.targets[first]}),
            elsewhere,
        ),
        findings=tuple(f for f in report.findings if f.distribution != "grpcio" or f.target == first),
    )
    row = next(line for line in drawn(report).splitlines() if line.startswith("  grpcio 1.85.1"))
    assert row.split()[:4] == ["grpcio", "1.85.1", "GIL-only", "-"]


def test_a_terminal_too_narrow_for_a_matrix_has_lines() -> None:
    targets = tuple(
        target(python, platform) for platform in ("linux-x86_64", "macos-arm64", "windows-amd64")
        for python in ("3.14t", "3.15t")
    )  # fmt: skip
    text = drawn(replace(AIRFLOW, targets=targets).report(), width=30)
    assert (
        "  psutil 7.2.2\n    ready: 3.14t everywhere\n    no wheel for this Python:\n      3.15t everywhere\n" in text
    )


def test_four_targets_keep_their_columns() -> None:
    targets = tuple(target("3.14t", p) for p in ("linux-x86_64", "linux-aarch64", "macos-arm64", "windows-amd64"))
    lines = drawn(replace(AIRFLOW, targets=targets).report(), width=100).splitlines()
    heading = next(line for line in lines if line.startswith("Blockers"))
    row = next(line for line in lines if line.startswith("  grpcio"))
    assert heading.split()[1:] == [each.platform for each in targets]
    assert [match.start() for match in re.finditer("GIL-only", row)] == [
        heading.index(each.platform) for each in targets
    ]


def test_paths_show_groups_standard_input_and_nothing_for_the_command_line() -> None:
    for path, line, group, shown in (
        ("pyproject.toml", 12, "dev", "    from   pyproject.toml:12 (dev)  grpcio"),
        (STDIN, 2, None, "    from   stdin:2  grpcio"),
        (COMMAND_LINE, None, None, "    from   grpcio"),
    ):
        report = one(roots=(root("grpcio", line, path, group),))
        assert shown in drawn(report).splitlines()


def test_many_further_lines_are_counted_and_listed_on_request() -> None:
    roots = tuple(root(f"r{n}", n) for n in range(1, 7))
    world = World(
        targets=(target("3.14t"),),
        roots=roots,
        links=[Link(parent=n, child="a") for n in range(6)],
        versions={"a": "1"},
        verdicts={"a": blocked(Status.GIL_ONLY)},
    )
    assert "           also from 4 other lines (-v lists them)\n" in drawn(world.report())
    capped = world.report()
    capped = replace(capped, findings=tuple(replace(f, paths=f.paths[:2]) for f in capped.findings))
    verbose = drawn(capped, verbose=True)
    lines = ("from   r.txt:1  a", "       r.txt:2  a", "       also from r.txt:3, :4, :5, :6")
    assert "".join(f"    {line}\n" for line in lines) in verbose


def test_what_was_read_is_named() -> None:
    report = one(
        inputs=(
            InputFile(path="a.txt", kind="requirements", requirements=1),
            InputFile(path=COMMAND_LINE, kind="names", requirements=2),
            InputFile(path=STDIN, kind="stdin", requirements=0),
        ),
        scan="run",
    )
    assert drawn(report, width=200).splitlines()[0] == (
        "nogilcheck 0.1.0 · a.txt: 1 requirement, command line: 2 requirements, stdin: 0 requirements, "
        "1 distribution · 3.14t on linux-x86_64 (glibc 2.34) · wheels scanned"
    )


def test_targets_with_different_graphs_give_a_range() -> None:
    report = AIRFLOW.report()
    only_first = report.targets[0].id
    six = next(d for d in report.distributions if d.name == "six")
    shorter = replace(six, targets={only_first: six.targets[only_first]})
    report = replace(report, distributions=tuple(shorter if d is six else d for d in report.distributions))
    assert "19 to 20 distributions" in drawn(report)


def test_nothing_resolved_is_said_and_the_conflict_keeps_its_lines() -> None:
    report = Report(
        tool_version="0.1.0",
        verdict="unknown",
        exit_status=2,
        targets=(replace(target("3.14t")),),
        gaps=(
            Gap(
                rule="NGC207",
                text="numpy: no version satisfies\n  r.txt:1 asks for <2\n  r.txt:2 asks for >=2",
                distribution="numpy",
                location=Location(path="r.txt", line=1),
            ),
        ),
    )
    assert "  3.14t  UNKNOWN    no distributions\n" in drawn(report)
    assert (
        "Conflicting requirements\n"
        "\n"
        "  r.txt:1: numpy: no version satisfies\n"
        "      r.txt:1 asks for <2\n"
        "      r.txt:2 asks for >=2\n"
    ) in drawn(report)
    assert "\nResolve the unknowns above, then rerun.\n" in drawn(report)
    assert "\nNext" not in drawn(report)


def test_conflicting_requirements_come_first() -> None:
    """However long the report is: with them nothing can be installed."""
    report = AIRFLOW.report()
    conflict = Gap(rule="NGC207", text="numpy: r.txt:1 asks for <2; r.txt:2 asks for >=2", distribution="numpy")
    text = drawn(replace(report, gaps=(*report.gaps, conflict)))
    sections = ["Conflicting requirements", "numpy: r.txt:1", "Blockers", "Warnings", "Unknown"]
    assert sections == sorted(sections, key=text.index)
    assert text.count("numpy: r.txt:1") == 1


def test_where_nothing_is_left_to_do_nothing_is_said_of_it() -> None:
    put_aside = Gap(rule="NGC211", text="no requirement applies", suppressed_by="NGC211 is off")
    empty = replace(
        World(targets=(target("3.14t"),), roots=(), links=(), versions={}, verdicts={}).report(), gaps=(put_aside,)
    )
    empty = replace(empty, targets=tuple(replace(one, verdict="unknown") for one in empty.targets))
    assert "Next" not in drawn(empty)
    assert "\nResolve the unknowns" in drawn(replace(empty, gaps=(replace(put_aside, suppressed_by=None),)))


def test_what_is_unknown_of_many_is_one_line_and_verbose_one_for_each() -> None:
    report = replace(
        WEB.report(), gaps=tuple(Gap(rule="NGC212", text=f"p{n}: no times", distribution=f"p{n}") for n in range(9))
    )
    assert "p0, p1, p2 and 6 more: no times" in drawn(report)
    assert drawn(report, verbose=True).count(": no times") == 9


def test_a_gap_is_told_once_and_with_its_targets() -> None:
    report = AIRFLOW.report()
    text = "the dependencies of dask are not known"
    gaps = tuple(Gap(rule="NGC208", text=text, distribution="dask", target=each.id) for each in report.targets)
    assert drawn(replace(report, gaps=gaps)).count(text) == 1
    assert f"\n  {text}\n" in drawn(replace(report, gaps=gaps))
    assert f"\n  3.15t: {text}\n" in drawn(replace(report, gaps=gaps[1:]))
    assert drawn(report).count("company-telemetry is not on the") == 1


def test_eighty_unknowns_of_one_cause_take_ten_lines() -> None:
    names = [f"pkg-{number:02}" for number in range(80)]

    def not_read(name: str) -> Verdict:
        text = f"what is in {name}-1.{name[-2:]}.tar.gz is not known: no answer (https://files.example/{name}/x.tar.gz)"
        return unknown(reason(ReasonCode.GAP, "archive", text))

    world = World(
        targets=(target("3.14t"), target("3.15t")),
        roots=[root(name, number) for number, name in enumerate(names, 1)],
        links=[Link(parent=number, child=name) for number, name in enumerate(names)],
        versions={name: f"1.{name[-2:]}" for name in names},
        verdicts={name: not_read(name) for name in names},
    )
    text = drawn(world.report(), width=80)
    section = text.partition("\nUnknown")[2].partition("\nResolve")[0]
    assert len(section.splitlines()) <= 10
    assert "pkg-06 1.06, and 73 more (-v lists them)" in " ".join(section.split())
    assert "what is in <name>-<version>.tar.gz is not known: no answer (https://files.example/...)" in " ".join(
        section.split()
    )
    assert drawn(world.report(), verbose=True).count("is not known") == 80


def test_two_chains_are_told_where_the_second_says_something_new() -> None:
    marker = " or ".join(f"platform_machine == 'machine{number}'" for number in range(11))
    links = [Link(parent=number, child=parent) for number, parent in enumerate("abcd")]
    links += [Link(parent=parent, child="x", marker=marker) for parent in "abcd"]
    world = World(
        targets=(target("3.14t"),),
        roots=[root(name, number, "a/r.txt") for number, name in enumerate("abcd", 1)],
        links=links,
        versions=dict.fromkeys("abcdx", "1"),
        verdicts={"x": blocked(Status.GIL_ONLY)},
    )
    assert (
        "    from   a/r.txt:1  a → x ; platform_machine == 'machine0' ... (11 terms)\n"
        "           a/r.txt:2  b → x ; platform_machine == 'machine0' ... (11 terms)\n"
        "           also from a/r.txt:3, :4\n"
    ) in drawn(world.report())
    everything = drawn(world.report(), verbose=True)
    assert everything.count("'machine10'") == 4
    assert "terms)" not in everything


def test_extras_and_groups_have_verdicts() -> None:
    report = one()
    parted = replace(
        report,
        targets=(replace(report.targets[0], extras={"kafka": "blocked", "cli": "ready"}, groups={"dev": "ready"}),),
    )
    assert "extras: cli ready; kafka blocked" in drawn(parted)
    assert "groups: dev ready" in drawn(parted)


@pytest.mark.parametrize(
    ("extras", "groups", "told"),
    [
        ({"speed": "blocked"}, {}, "the core is ready; extra `speed` is blocked"),
        (
            {"b": "blocked", "a": "blocked", "cli": "ready"},
            {"dev": "unknown"},
            "the core is ready; extras `a` and `b` are blocked; group `dev` is unknown; extra `cli` is ready",
        ),
        (
            {"a": "blocked"},
            {"x": "blocked", "y": "blocked"},
            "the core is ready; extra `a` and groups `x` and `y` are blocked",
        ),
    ],
)
def test_a_ready_core_is_told_from_parts_that_are_not(
    extras: dict[str, str], groups: dict[str, str], told: str
) -> None:
    report = one()
    summary = replace(report.targets[0], verdict="blocked", core="ready", extras=extras, groups=groups)
    parted = replace(report, targets=(summary,))
    assert told in " ".join(drawn(parted).split())
    ready = replace(summary, verdict="ready")
    assert "the core is ready" not in drawn(replace(report, targets=(ready,)))


OWN = Finding(
    rule="NGC007",
    status="own-requires-python",
    severity=Severity.BLOCKER,
    target="cp315t-linux_x86_64",
    distribution="demo",
    version=None,
    location=Location(path="pyproject.toml", line=5),
    detail=(">=3.9,<3.15",),
)


def test_what_a_project_says_of_itself_stands_among_the_blockers() -> None:
    report = AIRFLOW.report()
    lines = drawn(replace(report, findings=(OWN, *report.findings))).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("  demo "))
    assert lines[at].split() == ["demo", "-", "excluded"]
    assert lines[at + 1] == "    why    declares that it needs Python >=3.9,<3.15"
    assert lines[at + 2] == "    from   pyproject.toml:5"


def test_what_is_said_in_two_places_stands_in_two_rows() -> None:
    report = AIRFLOW.report()
    lock = replace(OWN, location=Location(path="uv.lock", line=3), detail=("os_name == 'nt'",))
    text = drawn(replace(report, findings=(OWN, lock, *report.findings)), width=160)
    assert "declares that it is only for environments with os_name == 'nt'\n    from   uv.lock:3" in text
    assert "pyproject.toml:5" in text


def test_two_versions_of_a_project_lead_back_to_their_own_lines() -> None:
    """Each has a path of its own, and none of the other's lines is told with it."""
    links = [Link(parent=0, child="old"), Link(parent=1, child="new")]
    world = World(
        targets=(target("3.14t"),),
        roots=[root("old", 1, "one.txt"), root("new", 1, "two.txt")],
        links=links,
        versions={"old": "1", "new": "2"},
        verdicts={name: blocked(Status.GIL_ONLY) for name in ("old", "new")},
    )
    text = world.report().to_json().replace('"old"', '"both"').replace('"new"', '"both"')
    shown = drawn(Report.from_json(text))
    assert "both 1" in shown
    assert "both 2" in shown
    assert "also from" not in shown


def test_nothing_heavy_is_imported_to_replay_a_report(tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text(AIRFLOW.report().to_json(), encoding="utf-8")
    code = (
        "import sys; from pathlib import Path; from nogilcheck.model.report.report import Report;"
        "from nogilcheck.report.formats import RENDERERS, RenderOptions;"
        "RENDERERS['terminal'](Report.from_json(Path(sys.argv[1]).read_text()), RenderOptions());"
        "print([name for name in ('rich', 'httpx', 'packaging', 'pip_requirements_parser', 'resolvelib', 'typer',"
        " 'asyncio', 'importlib.resources', 'unicodedata') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "report.json")], capture_output=True, text=True, check=True
    )
    assert run.stdout == "[]\n"


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, world, width, verbose in CASES:
        golden(name, width, verbose=verbose).write_text(
            drawn(world.report(), width=width, verbose=verbose), encoding="utf-8"
        )
