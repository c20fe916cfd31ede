"""``--scan``: what the extension modules of the chosen wheels declare, read from an index in ranges."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.binary import ENGINE
from nogilcheck.index.archives.zip_ranges import TAIL
from nogilcheck.jobs.scanning import opened_wheel, wheel_scans
from tests.support.asking import joined
from tests.support.binaries import binary
from tests.support.command import Outcome, run
from tests.support.invariants import check_report
from tests.support.modules import module
from tests.support.wheels import write_wheel
from tests.world import (
    SHAPES,
    Close,
    Garbage,
    Index,
    Shape,
    Truncate,
    Universe,
    WheelContents,
    archive,
    parse,
    serve,
    status,
    write_links_dir,
)

FT = "cp314-cp314t-manylinux_2_28_x86_64"
SO = "cpython-314t-x86_64-linux-gnu.so"

WORLD = parse(f"""
[projects.app]
"1.0" = {{ requires = ["good", "pure"] }}
[projects.pure]
"1.0" = {{}}
[projects.good."1.0"]
wheels = ["{FT}", "cp314-cp314-manylinux_2_28_x86_64"]
[projects.good."1.0".modules]
"good/_a.{SO}" = "not-used:40000"
"good/sub/_b.{SO}" = "not-used:20000"
"good/liblib.so" = "no-hook"
"good/tests/_c.{SO}" = "used"
[projects.bad."1.0"]
wheels = ["{FT}"]
[projects.bad."1.0".modules]
"bad/_fine.{SO}" = "not-used"
"bad/_used.{SO}" = "used:70000"
"bad/_nothing.abi3.so" = "nothing"
"bad/_test_it.{SO}" = "used"
"bad/_other.cpython-313t-x86_64-linux-gnu.so" = "used"
[projects.broken."1.0"]
wheels = ["{FT}"]
[projects.broken."1.0".modules]
"broken/_a.{SO}" = "damaged"
"broken/_b.{SO}" = "not-used"
[projects.foreign."1.0"]
wheels = ["{FT}"]
[projects.foreign."1.0".modules]
"foreign/_a.cpython-314-x86_64-linux-gnu.so" = "not-used"
[projects.delegating."1.0"]
wheels = ["{FT}"]
requires = ["cffi ; extra == 'c'"]
[projects.delegating."1.0".modules]
"_delegating.{SO}" = "delegated"
[projects.cffi."2.0"]
wheels = ["{FT}"]
[projects.cffi."2.0".modules]
"_cffi_backend.{SO}" = "not-used"
[projects.cffi."1.17"]
wheels = ["{FT}"]
[projects.cffi."1.17".modules]
"_cffi_backend.{SO}" = "nothing"
[projects.claims-none."1.0"]
wheels = ["py3-none-manylinux_2_28_x86_64"]
[projects.claims-none."1.0".modules]
"claims_none/_a.so" = "used"
""")


@pytest.fixture(autouse=True)
def _judging(request: pytest.FixtureRequest) -> None:
    if "in_processes" not in request.fixturenames:
        request.getfixturevalue("judging_here")


@pytest.fixture
def in_processes() -> None:
    """Modules are judged in worker processes, as always outside of tests."""


def ask(index: Index | None, *names: str, python: str = "3.14t") -> Outcome:
    where = ("--index-url", index.url) if index else ()
    return run("check", *names, "--python", python, "--scan", *where)


def check(index: Index | None, *names: str, python: str = "3.14t") -> tuple[int, dict[str, Any]]:
    outcome = ask(index, *names, "--format", "json", python=python)
    check_report(outcome.stdout)
    assert outcome.stderr == ""
    return outcome.status, json.loads(outcome.stdout)


def verdict(report: Mapping[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = next(one["targets"] for one in report["distributions"] if one["name"] == name).values()
    return found


def reasons(report: Mapping[str, Any], name: str) -> dict[str, list[str]]:
    return {reason["code"]: reason["detail"] for reason in verdict(report, name)["reasons"]}


def test_good_modules_pass_and_are_counted(shape: Shape) -> None:
    with serve(WORLD, shape) as index:
        exit_status, report = check(index, "app")
    assert exit_status == 0
    assert verdict(report, "good")["status"] == "free-threaded"
    assert (report["scan"], report["scanned"]) == ("run", {"wheels": 1, "modules": 4})
    assert reasons(report, "good") == {"test-modules-gil": ["good.tests._c"]}


def test_modules_that_bring_the_gil_back_are_named(shape: Shape) -> None:
    with serve(WORLD, shape) as index:
        exit_status, report = check(index, "bad")
        said = joined(ask(index, "bad").stdout)
    assert exit_status == 1
    found = verdict(report, "bad")
    assert (found["status"], found["severity"], found["cause"]) == ("gil-enabled", "blocker", "free-threading")
    assert found["extensions"] == ["bad._nothing", "bad._used"]
    assert reasons(report, "bad") == {
        "declares-nothing": ["bad._nothing"],
        "declares-gil": ["bad._used"],
        "test-modules-gil": ["bad._test_it"],
        "unloadable-modules": ["_other.cpython-313t-x86_64-linux-gnu.so"],
    }
    assert [finding["rule"] for finding in report["findings"]] == ["NGC001"]
    for part in ("wheels scanned", "turns the GIL on", "bad._used declares that it needs the GIL",
                 "bad._nothing does not declare that it runs without the GIL", "Read 4 extension modules of 1 wheel.",
                 "releases of bad that keep the GIL off"):  # fmt: skip
        assert part in said
    assert said.count("does not make a module thread-safe") == 1


def best_advice(report: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = [finding for finding in report["findings"] if finding["distribution"] == name]
    return dict(found[0]["advice"][0])


@pytest.mark.parametrize(
    ("newest", "kind", "text"),
    [
        (
            "not-used",
            "relax",
            "relax !=2.0,<3: 3.0 (2026-01-01) keeps the GIL off (scanned; the releases between were not)",
        ),
        (
            "used",
            "wait",
            "no release keeps the GIL off yet; the latest, 3.0 (2026-01-01), turns it on too (scanned)",
        ),
        (
            "damaged",
            "wait",
            "no release keeps the GIL off yet; the latest, 3.0 (2026-01-01), could not be scanned",
        ),
        ("", "relax", "relax !=2.0,<3: 3.0 (2026-01-01) is a pure wheel, with no extension module to turn it on"),
    ],
)
def test_the_newest_release_of_what_turns_the_gil_on_is_scanned(newest: str, kind: str, text: str) -> None:
    module = f'[projects.x."3.0".modules]\n"x.{SO}" = "{newest}"' if newest else ""
    tags = FT if newest else "py3-none-any"
    older = "".join(
        f'[projects.x."{version}"]\nwheels = ["{FT}"]\n[projects.x."{version}".modules]\n"x.{SO}" = "used"\n'
        for version in ("1.0", "2.0")
    )
    world = parse(f'{older}[projects.x."3.0"]\nwheels = ["{tags}"]\n{module}\n')
    with serve(world) as index:
        status, report = check(index, "x<3,!=2.0")
        assert (status, verdict(report, "x")["status"]) == (1, "gil-enabled")
        advice = best_advice(report, "x")
        assert (advice["kind"], advice["text"]) == (kind, text)
        # What is chosen without a bound is what the advice said of it.
        assert check(index, "x")[0] == {"relax": 0, "wait": 1 if newest == "used" else 3}[kind]


def test_next_waits_for_wheels_and_for_releases_that_keep_the_gil_off_apart() -> None:
    world = parse(
        f'[projects.on."1.0"]\nwheels = ["{FT}"]\n[projects.on."1.0".modules]\n"on.{SO}" = "used"\n'
        f'[projects.none."1.0"]\nwheels = ["cp314-cp314-manylinux_2_28_x86_64"]\n'
    )
    with serve(world) as index:
        said = joined(ask(index, "on", "none").stdout)
    assert "3.14t waits for free-threaded wheels of none and for releases of on that keep the GIL off." in said
    assert "no compatible release yet" in said


@pytest.mark.parametrize("name", ["broken", "foreign"])
def test_what_cannot_be_decided_is_a_gap(name: str) -> None:
    with serve(WORLD) as index:
        exit_status, report = check(index, name)
    assert exit_status == 3
    assert verdict(report, name)["status"] == "unknown"
    assert [(finding["rule"], finding["status"]) for finding in report["findings"]] == [("NGC215", "scan-unknown")]
    assert [gap["rule"] for gap in report["gaps"]] == ["NGC215"]
    assert f"whether {name} 1.0 keeps the GIL off is unknown" in report["gaps"][0]["text"]


def test_without_a_scan_nothing_is_read() -> None:
    with serve(WORLD) as index:
        outcome = run("check", "bad", "--python", "3.14t", "--format", "json", "--index-url", index.url)
        assert not index.asked("/files/*.whl")
    report = json.loads(outcome.stdout)
    assert (outcome.status, report["scan"], report["scanned"]) == (0, "not-run", None)


def test_ordinary_targets_are_not_scanned_and_pure_wheels_for_their_sources_alone() -> None:
    with serve(WORLD) as index:
        assert check(index, "good", python="3.14")[0] == 0
        assert not index.asked("/files/*.whl")
        assert check(index, "pure")[0] == 0
        assert "No extension module was read." in joined(ask(index, "pure").stdout)


def test_a_wheel_that_claims_no_abi_is_scanned() -> None:
    with serve(WORLD) as index:
        exit_status, report = check(index, "claims-none")
    assert (exit_status, verdict(report, "claims-none")["extensions"]) == (1, ["claims_none._a"])


@pytest.mark.parametrize(
    ("names", "exit_status", "found"),
    [
        (["delegating"], 3, "unknown"),
        (["delegating", "cffi"], 0, "free-threaded"),
        (["delegating", "cffi<2"], 1, "gil-enabled"),
        (["delegating[c]"], 3, "unknown"),
    ],
)
def test_delegated_modules_get_the_answer_of_the_cffi_in_the_same_graph(
    names: list[str], exit_status: int, found: str
) -> None:
    with serve(WORLD) as index:
        ended, report = check(index, *names)
    assert (ended, verdict(report, "delegating")["status"]) == (exit_status, found)
    if found == "gil-enabled":
        assert reasons(report, "delegating") == {"delegated-gil": ["_cffi_backend", "_delegating"]}


def test_locks_do_not_share_their_cffi(tmp_path: Path) -> None:
    lock = 'lock-version = "1.0"\ncreated-by = "hand"\n'
    for number, cffi in enumerate(("2.0", "1.17")):
        with serve(WORLD) as index:
            pass
        rows = "".join(
            f'[[packages]]\nname = "{name}"\nversion = "{version}"\n[[packages.wheels]]\nname = "{file}"\n'
            f'url = "URL/files/{file}"\nhashes = {{sha256 = "{index.sha256_of(file)}"}}\n'
            for name, version in (("delegating", "1.0"), ("cffi", cffi))
            for file in [f"{name}-{version}-{FT}.whl"]
        )
        (tmp_path / f"pylock.{number}.toml").write_text(lock + rows, encoding="utf-8")
    with serve(WORLD) as index:
        for path in tmp_path.glob("*.toml"):
            path.write_text(path.read_text(encoding="utf-8").replace("URL", index.base), encoding="utf-8")
        good, bad = (str(tmp_path / f"pylock.{number}.toml") for number in range(2))
        assert verdict(check(index, good)[1], "delegating")["status"] == "free-threaded"
        assert verdict(check(index, good, bad)[1], "delegating")["status"] == "gil-enabled"


@pytest.mark.usefixtures("in_processes")
def test_worker_processes_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A package of this name in the working directory is not the program.
    (tmp_path / "nogilcheck").mkdir()
    (tmp_path / "nogilcheck" / "__init__.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    with serve(WORLD) as index:
        exit_status, report = check(index, "bad", "good", "broken")
    assert exit_status == 1
    assert [verdict(report, name)["status"] for name in ("bad", "good", "broken")] == [
        "gil-enabled",
        "free-threaded",
        "unknown",
    ]


# What it costs


def test_a_second_scan_makes_no_request_for_a_wheel() -> None:
    with serve(WORLD) as index:
        first = check(index, "app", "bad")[1]
        index.forget()
        assert check(index, "app", "bad")[1] == first
        assert not index.requests
        # Another question, so that no report is given again.
        second = check(index, "app", "bad", "pure")[1]
        assert [verdict(second, name) for name in ("good", "bad")] == [verdict(first, name) for name in ("good", "bad")]
        assert second["scanned"] == first["scanned"]
        assert not index.asked("/files/*.whl")


def test_a_better_engine_judges_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(WORLD) as index:
        check(index, "bad")
        index.forget()
        monkeypatch.setattr(wheel_scans, "ENGINE", ENGINE + 1)
        check(index, "bad", "pure")
        assert index.asked("/files/*.whl")


def test_offline_a_scan_knows_what_the_cache_knows() -> None:
    with serve(WORLD) as index:
        run("check", "bad", "good", "--python", "3.14t", "--index-url", index.url)
        check(index, "bad")
    exit_status, report = check(index, "bad", "good", "--offline")
    assert exit_status == 1
    assert verdict(report, "bad")["status"] == "gil-enabled"
    assert verdict(report, "good")["status"] == "unknown"
    assert {finding["rule"] for finding in report["findings"]} == {"NGC001", "NGC214"}


BIG = parse(f"""
[projects.big."1.0"]
wheels = [{{ tag = "{FT}", padding = 300000 }}]
[projects.big."1.0".modules]
"big/_a.{SO}" = "not-used:1000"
"big/_b.{SO}" = "used:2000"
"big/_c.{SO}" = "not-used:400000"
[projects.small."1.0"]
wheels = [{{ tag = "{FT}", padding = 100000 }}]
[projects.small."1.0".modules]
"small/_a.{SO}" = "not-used:50000"
""")


def read_of_wheels(index: Index) -> int:
    return sum(request.bytes for request in index.asked("/files/*.whl"))


def test_only_the_modules_are_read() -> None:
    with serve(BIG, SHAPES["mirror"]) as index:
        check(index, "small", "--no-cache")
        metadata_and_scan = index.asked("/files/*.whl")
    # The tail for the metadata, the tail again, and the one module.
    assert len(metadata_and_scan) <= 4
    assert sum(request.bytes for request in metadata_and_scan) < 3 * TAIL + 60_000


def test_once_a_module_has_decided_what_is_dear_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel_scans, "NAMED_BYTES", 100_000)
    monkeypatch.setattr("nogilcheck.index.archives.zip_ranges.CHUNK", 10_000)
    with serve(BIG) as index:
        exit_status, report = check(index, "big")
        found = verdict(report, "big")
        read = read_of_wheels(index)
        index.forget()
        assert verdict(check(index, "big==1.0")[1], "big") | {"requested_by": []} == found | {"requested_by": []}
        assert not index.asked("/files/*.whl")
    assert (exit_status, found["extensions"]) == (1, ["big._b"])
    assert reasons(report, "big")["modules-not-read"] == ["1"]
    assert read < 400_000


def test_what_is_beyond_the_limit_is_a_gap_and_the_cheapest_come_first() -> None:
    with serve(BIG) as index:
        exit_status, report = check(index, "big", "small", "--scan-limit", "200kB")
        assert read_of_wheels(index) <= 200_000
        assert exit_status == 3
        assert verdict(report, "small")["status"] == "free-threaded"
        assert [(finding["distribution"], finding["rule"]) for finding in report["findings"]] == [("big", "NGC214")]
        assert "--scan-limit (0 MB)" in report["gaps"][0]["text"]
        # What was read is not read again.
        index.forget()
        assert check(index, "big", "small")[0] == 1
        assert not index.asked("/files/small*.whl")


@pytest.mark.parametrize(("limit", "asked"), [("100B", 0), ("1MB", 1)])
def test_the_sdists_of_what_blocks_count_for_the_limit(limit: str, asked: int) -> None:
    world = parse('[projects.native."1.0"]\nwheels = ["cp314-cp314-manylinux_2_28_x86_64"]\nsdist = true')
    with serve(world) as index:
        _, report = check(index, "native", "--scan-limit", limit)
        assert len(index.asked("*.tar.gz")) == asked
    source = verdict(report, "native")["source"]
    assert source["word"] == "does-not-say" if asked else source is None


@pytest.mark.parametrize(
    ("source", "word", "builds"),
    [
        ("PyMODINIT_FUNC PyInit_native(void)", "turns-gil-on", False),
        ("#ifdef Py_GIL_DISABLED\n#error no\n#endif\nPyMODINIT_FUNC PyInit_native(void)", "refuses", False),
        ("{Py_mod_gil, Py_MOD_GIL_NOT_USED}\nPyMODINIT_FUNC PyInit_native(void)", "runs-without-gil", True),
    ],
)
@pytest.mark.parametrize("command", ["check", "why"])
def test_no_build_is_advised_that_the_source_makes_useless(command: str, source: str, word: str, builds: bool) -> None:
    wheel = "cp314-cp314-manylinux_2_28_x86_64"
    world = parse(f'[projects.native."1.0"]\nwheels = ["{wheel}"]\nsdist = {{ source = """{source}""" }}')
    with serve(world) as index:
        names = ("check", "native", "--scan") if command == "check" else ("why", "native", "native")
        outcome = run(*names, "--python", "3.14.2t", "--index-url", index.url, "--format", "json")
    report = json.loads(outcome.stdout)
    (told,) = [report] if command == "check" else report["distributions"]
    assert (verdict(report, "native") if command == "check" else told["verdict"])["source"]["word"] == word
    assert ("build" in [step["kind"] for step in told["findings"][0]["advice"]]) == builds


def test_a_limit_needs_a_scan() -> None:
    outcome = run("check", "pure", "--scan-limit", "1GB")
    assert (outcome.status, "add --scan" in outcome.stderr) == (2, True)
    assert run("check", "pure", "--scan", "--scan-limit", "much").status == 2


def test_a_limit_that_is_none_is_told_when_the_configuration_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("nogilcheck.toml").write_text("scan-limit = 'much'\n", encoding="utf-8")
    for command in (("check", "pure"), ("config", "show")):
        outcome = run(*command)
        assert (outcome.status, "nogilcheck.toml:1" in outcome.stderr) == (2, True)


# Servers


FAULTS = {
    "gone": status(404),
    "failing": status(500),
    "closing": Close(),
    "stopping": Truncate(keep=100),
    "garbage": Garbage(),
    "forbidden": status(403),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_wheel_that_cannot_be_had_is_a_gap_and_no_pass(fault: Any) -> None:
    with serve(WORLD) as index:
        index.fail("/files/good*.whl", action=fault)
        exit_status, report = check(index, "good")
        assert (exit_status, verdict(report, "good")["status"]) == (3, "unknown")
        assert [finding["rule"] for finding in report["findings"]] == ["NGC214"]
        index.heal()
        assert check(index, "good")[0] == 0, "a failure is not remembered"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_wheel_that_can_be_had_in_part_is_a_gap_and_what_was_read_stands(fault: Any) -> None:
    with serve(BIG, SHAPES["pypi"]) as index:
        # The tail comes, the members do not.
        index.fail("/files/small*.whl", action=fault, part="bytes=[0-9]*-[0-9]*")
        index.fail("/files/small*.whl", action=fault, part="")
        tail = index.fail("/files/small*.whl", action=status(200), times=0)
        exit_status, report = check(index, "small")
        assert tail.hits == 0
    assert (exit_status, verdict(report, "small")["status"]) == (3, "unknown")


def test_a_fault_that_passes_is_borne() -> None:
    with serve(WORLD) as index:
        index.fail("/files/good*.whl", action=Close(), times=1)
        assert check(index, "good")[0] == 0


def test_a_wheel_that_comes_whole_is_checked_against_its_hash() -> None:
    forged = replace_modules(WORLD, "used", "not-used")
    with serve(WORLD, replace(SHAPES["mirror"], ranges=False)) as index:
        data = archive(forged.file(f"bad-1.0-{FT}.whl"))
        index.fail("/files/bad*.whl", action=replace(status(200, body=data), headers=()))
        exit_status, report = check(index, "bad")
    assert exit_status == 3
    assert all("was expected" in gap["text"] for gap in report["gaps"])


def replace_modules(universe: Universe, says: str, other: str) -> Universe:
    def changed(contents: Any) -> Any:
        if not isinstance(contents, WheelContents):
            return contents
        modules = ((name, one.partition(":")) for name, one in contents.modules)
        return replace(
            contents,
            modules=tuple((name, "".join((other if one == says else one, *rest))) for name, (one, *rest) in modules),
        )

    projects = tuple(
        replace(project, files=tuple(replace(file, contents=changed(file.contents)) for file in project.files))
        for project in universe.projects
    )
    return replace(universe, projects=projects)


def test_wheels_on_the_disk_are_scanned(tmp_path: Path) -> None:
    links = write_links_dir(WORLD, tmp_path / "links")
    exit_status, report = check(None, "bad", "--no-index", "--find-links", str(links))
    assert (exit_status, verdict(report, "bad")["status"]) == (1, "gil-enabled")


HOSTILE = {
    "no archive": b"PK\x03\x04 nothing else",
    "empty": b"",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_an_archive_that_is_none_is_a_gap(data: bytes, tmp_path: Path) -> None:
    links = write_links_dir(WORLD, tmp_path / "links")
    with serve(WORLD, replace(SHAPES["mirror"], hashes=False, core_metadata=True)) as index:
        index.fail("/files/good*.whl", action=status(200, body=data))
        exit_status, report = check(index, "good")
    assert links.is_dir()
    assert (exit_status, verdict(report, "good")["status"]) == (3, "unknown")


def test_modules_beyond_the_bounds_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opened_wheel, "MODULE_LIMIT", 100_000)
    with serve(replace_modules(BIG, "used", "not-used")) as index:
        exit_status, report = check(index, "big")
    assert exit_status == 3
    assert "1 of its extension modules are too large" in report["gaps"][0]["text"]


# Wheels with the ABI tag none that one Python installs


@pytest.mark.parametrize(
    ("says", "python", "status", "found", "why"),
    [
        ("gil-layout", "3.14t", 1, "gil-only", "installers take it, but its extension modules do not load"),
        ("gil-layout", "3.14", 0, "compiled", ""),
        ("no-hook", "3.14t", 0, "no-abi", ""),
        ("no-hook", "3.14", 0, "no-abi", ""),
        ("not-used", "3.14t", 3, "unknown", "it holds extension modules despite its ABI tag"),
        ("damaged", "3.14t", 3, "unknown", "it may hold extension modules despite its ABI tag"),
    ],
)
def test_the_modules_of_a_wheel_without_an_abi_decide(
    says: Any, python: str, status: int, found: str, why: str, tmp_path: Path
) -> None:
    """As of usd-core 26.11, which 3.14t installs and cannot import."""
    data = binary("gil-layout").data if says == "gil-layout" else module("demo", says)
    write_wheel(tmp_path, "cp314-none-manylinux_2_28_x86_64", files={"demo/demo.so": data})
    asked = ("check", "demo", "--no-index", "--find-links", str(tmp_path), "--python", python, "--no-cache")
    unscanned = run(*asked)
    assert unscanned.status == 3
    assert "--scan reads it" in joined(unscanned.stdout)
    report = json.loads(run(*asked, "--scan", "--format", "json").stdout)
    assert (report["exit_status"], verdict(report, "demo")["status"]) == (status, found)
    assert why in joined(run(*asked, "--scan").stdout)


def test_a_release_with_the_same_tag_is_no_way_out_of_a_mistagged_one(tmp_path: Path) -> None:
    for version in ("1.0", "2.0"):
        files = {"demo/demo.so": binary("gil-layout").data}
        write_wheel(tmp_path, "cp314-none-manylinux_2_28_x86_64", files=files, version=version)
    outcome = run(
        "check", "demo", "--scan", "--no-index", "--find-links", str(tmp_path), "--python", "3.14t", "--no-cache"
    )
    assert outcome.status == 1
    assert "go back" not in outcome.stdout
