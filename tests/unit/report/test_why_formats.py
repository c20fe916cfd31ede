"""An explanation in the terminal, where no command line leads easily."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nogilcheck.model.artifact import SourceEvidence
from nogilcheck.model.explanation import (
    Dated,
    Direct,
    Listed,
    Offer,
    Presence,
    ProjectExplanation,
    SourceBuild,
    Upstream,
)
from nogilcheck.model.report.finding import Path, Step
from nogilcheck.model.verdict import Status
from nogilcheck.report.terminal.layout import cells
from nogilcheck.report.terminal.why import MAX_CHAINS, MAX_NAMES, render
from tests.support.asking import joined
from tests.support.reports import AIRFLOW, SCIENCE, ready

REPORT = AIRFLOW.report()
FIRST, SECOND = (target.id for target in REPORT.targets)
VERDICTS = {d.name: d.targets for d in REPORT.distributions}


def path(root: int, *names: str) -> Path:
    return Path(root=root, steps=tuple(Step(name=name, version="1") for name in names))


def presence(target: str, **changes: object) -> Presence:
    one = Presence(
        target=target,
        version="1.85.1",
        verdict=VERDICTS["grpcio"][target].verdict,
        paths=(path(0, "apache-airflow", "grpcio"),),
        needed_by=3,
        direct=(Direct(name="apache-airflow", version="1", roots=(0,)),),
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def explanation(*presences: Presence, **more: object) -> ProjectExplanation:
    return replace(ProjectExplanation(name="grpcio", report=REPORT, presences=presences), **more)  # type: ignore[arg-type]


def text(found: ProjectExplanation, *, width: int = 100, verbose: bool = False) -> str:
    return render(found, width=width, colour=False, verbose=verbose)


def test_targets_that_say_the_same_say_it_once() -> None:
    shown = joined(text(explanation(presence(FIRST), presence(SECOND))))
    assert shown.count("r.txt:1 apache-airflow → grpcio") == 1
    assert shown.count("3 other distributions cannot be installed without it") == 1
    apart = joined(text(explanation(presence(FIRST), presence(SECOND, needed_by=4, paths=(path(1, "x", "grpcio"),)))))
    assert "3.14t: r.txt:1 apache-airflow → grpcio 3.15t: r.txt:2 x → grpcio" in apart
    assert "3.14t: 3 other distributions" in apart
    assert "3.15t: 4 other distributions" in apart


def test_chains_beyond_what_people_read_are_counted() -> None:
    paths = tuple(path(0, f"p{number}", "grpcio") for number in range(MAX_CHAINS + 3))
    found = explanation(*(presence(target, paths=paths, more_paths=100) for target in (FIRST, SECOND)))
    few = joined(text(found))
    assert f"p{MAX_CHAINS - 1} → grpcio" in few
    assert f"p{MAX_CHAINS} → grpcio" not in few
    assert "and 103 more chains as short (`-v` shows more)" in few
    all_kept = joined(text(found, verbose=True))
    assert f"p{MAX_CHAINS + 2} → grpcio" in all_kept
    assert "and 100 more chains as short" in all_kept
    assert "shows more" not in all_kept


def test_dependencies_beyond_what_people_read_are_counted() -> None:
    direct = tuple(Direct(name=f"d{number}", version="1", roots=(number % 3,)) for number in range(MAX_NAMES + 2))
    found = explanation(*(presence(target, direct=direct, needed_by=99) for target in (FIRST, SECOND)))
    assert "among them all 3 of your requirements: d0 (r.txt:1)" in joined(text(found))
    assert "and 3 more" in joined(text(found))
    assert "d9 (r.txt:1)" in joined(text(found, verbose=True))


def test_versions_have_sections_of_their_own() -> None:
    shown = text(explanation(presence(FIRST), presence(SECOND, version="1.0", verdict=ready(Status.FREE_THREADED))))
    assert [line for line in shown.split("\n") if line.startswith("grpcio ")] == ["grpcio 1.85.1", "grpcio 1.0"]
    assert "not in the graph, or at another version, on 3.15t" in shown


def test_what_is_on_the_disk_is_not_judged() -> None:
    assert "a project on the disk, which is not judged on 3.14t" in text(explanation(presence(FIRST, verdict=None)))


@pytest.mark.parametrize(
    ("offer", "said"),
    [
        (Offer(target=FIRST), "no release has free-threaded wheels that fit"),
        (
            Offer(target=FIRST, first=Dated(version="2"), last=Dated(version="9", uploaded="2026-01-02")),
            "free-threaded wheels since 2",
        ),
        (
            Offer(target=FIRST, first=Dated(version="2", uploaded="2024-01-01"), last=Dated(version="3")),
            "free-threaded wheels from 2, 2024-01-01 to 3, and in no release since",
        ),
        (
            Offer(target=FIRST, fitting=Dated(version="4", uploaded="2025-01-01")),
            "no release has free-threaded wheels the newest release of which a wheel fits is 4, 2025-01-01",
        ),
        (Offer(target=FIRST, fitting=Dated(version="9")), "no release has free-threaded wheels"),
        (
            Offer(target=FIRST, pre_release=Dated(version="10rc1", uploaded="2026-02-02")),
            "the pre-release 10rc1, 2026-02-02, has a wheel that fits",
        ),
    ],
)
def test_what_the_index_has_for_a_target(offer: Offer, said: str) -> None:
    listed = Listed(
        indexes=("https://pypi.org/simple/",),
        newest=Dated(version="9", uploaded="2026-01-02"),
        ships=("pure", "cp3XY"),
        offers=(offer,),
    )
    shown = joined(text(explanation(presence(FIRST), listed=listed)))
    assert f"{said} the latest release: 9, 2026-01-02, with pure wheels and GIL-only wheels" in shown


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("active", ""),
        ("quarantined", "considered unsafe"),
        ("deprecated", "superseded"),
        ("odd", "project status: odd"),
    ],
)
def test_the_standing_of_a_project(status: str, said: str) -> None:
    shown = text(explanation(presence(FIRST), listed=Listed(indexes=(), status=status)))
    assert said in shown
    assert ("On the index" in shown) == bool(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (SourceBuild(file="a.tar.gz", problem="gone"), "what it takes to build a.tar.gz could not be read: gone"),
        (SourceBuild(file="a.tar.gz", evidence=SourceEvidence(compiles=None)), "does not show whether it needs"),
        (SourceBuild(file="a.tar.gz", evidence=SourceEvidence(compiles=False)), "shows no compiled code"),
        (SourceBuild(file="a.tar.gz", evidence=SourceEvidence(compiles=True, signs=("C",))), "built (C); not tried"),
    ],
)
def test_what_an_sdist_shows(source: SourceBuild, said: str) -> None:
    shown = text(explanation(presence(FIRST), sources=(source,), not_listed="nobody knows it"))
    assert "nobody knows it" in shown
    assert said in shown


@pytest.mark.parametrize("width", [20, 60, 100])
@pytest.mark.parametrize("colour", [False, True])
def test_hostile_texts_do_no_harm(width: int, colour: bool) -> None:
    evil = "x\x1b[2J\u202e\n"
    steps = (Step(name=evil, version=evil, specifier=evil, extra=evil, marker=evil),)
    found = explanation(
        presence(
            FIRST,
            version=evil,
            paths=(Path(root=0, steps=steps * 2),),
            direct=(Direct(name=evil, version=None, roots=(0,)),),
        ),
        listed=Listed(
            indexes=(evil,),
            status=evil,
            newest=Dated(version=evil, uploaded=evil),
            offers=(Offer(target=FIRST, first=Dated(version=evil), last=Dated(version=evil)),),
        ),
        not_listed=evil,
        sources=(SourceBuild(file=evil, problem=evil),),
        upstream=Upstream(version=evil, links=(("source", evil),), free_threading=(evil,)),
    )
    shown = render(found, width=width, colour=colour, verbose=False)
    assert "\x1b[2J" not in shown
    assert "\u202e" not in shown
    if not colour:
        assert all(line.isprintable() for line in shown.split("\n"))


def test_lines_keep_to_the_width() -> None:
    report = SCIENCE.report()
    name = next(d.name for d in report.distributions if len(d.targets) > 3)
    presences = tuple(
        Presence(target=target, version=d.version, verdict=a.verdict, paths=(path(0, "a", "b"),))
        for d in report.distributions
        if d.name == name
        for target, a in d.targets.items()
    )
    shown = render(
        ProjectExplanation(name=name, report=report, presences=presences), width=60, colour=False, verbose=False
    )
    assert max(map(cells, shown.split("\n"))) <= 60
