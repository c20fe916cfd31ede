"""Advice where more than one requirements file is involved: locks, floors, projects side by side, the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.model.report.report import Report
from tests.support.advice import in_short
from tests.support.asking import ask, check, joined
from tests.support.planning import plan
from tests.support.statements import write
from tests.world import SHAPES, Index, load, parse, serve

WORLD = parse("""
[projects.app]
"1.0" = { requires = ["speed<3", "pure"] }
[projects.pure]
"1.0" = {}
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"], upload-time = "2024-01-01T00:00:00Z" }
"2.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"], upload-time = "2024-03-01T00:00:00Z" }
"3.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"], requires-python = ">=3.12" }
"4.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"], requires-python = ">=3.13" }
[projects.excluded]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
"2.0" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64"], upload-time = "2024-03-01T00:00:00Z" }
[projects.accelerated]
"1.0" = { wheels = ["py3-none-any", "cp314-cp314-manylinux_2_28_x86_64"] }
""")


_UV_PROJECT = '[project]\nname = "sample"\ndependencies = ["with-sdist"]\n[tool.uv]\n'

FEWEST = '[options]\nfork-strategy = "fewest"\n'
"""One release for every Python of the project where there is one; otherwise uv locks the newest for each."""


def _uv(requires_python: str, specifier: str = "", *, options: str = "") -> str:
    stated = f', specifier = "{specifier}"' if specifier else ""
    return f"""\
version = 1
requires-python = "{requires_python}"
{options}
[[package]]
name = "sample"
version = "1"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "speed" }},
    {{ name = "accelerated" }},
]

[package.metadata]
requires-dist = [
    {{ name = "speed"{stated} }},
    {{ name = "accelerated" }},
]

[[package]]
name = "speed"
version = "1.0"
source = {{ registry = "https://r.test/" }}
wheels = [{{ url = "https://f.test/speed-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00" }}]

[[package]]
name = "accelerated"
version = "1.0"
source = {{ registry = "https://r.test/" }}
wheels = [
    {{ url = "https://f.test/accelerated-1.0-py3-none-any.whl", hash = "sha256:00" }},
    {{ url = "https://f.test/accelerated-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00" }},
]
"""


_POETRY = """\
[[package]]
name = "app"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{file = "app-1.0-py3-none-any.whl", hash = "sha256:00"}]

[package.dependencies]
speed = "<3"

[[package]]
name = "speed"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{file = "speed-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00"}]

[metadata]
lock-version = "2.1"
python-versions = ">=3.14"
"""

_PYLOCK = """\
lock-version = "1.0"
created-by = "tests"

[[packages]]
name = "speed"
version = "1.0"

[[packages.wheels]]
name = "speed-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"
url = "https://f.test/1"
hashes = { sha256 = "00" }
"""


def _project(requires_python: str, requirement: str) -> str:
    return f"""\
[project]
name = "sample"
version = "1"
requires-python = "{requires_python}"
dependencies = ["{requirement}"]
"""


def _advice(report: Mapping[str, Any], name: str = "speed") -> list[str]:
    (finding,) = (
        finding
        for finding in Report.from_json(json.dumps(report)).findings
        if finding.distribution == name and finding.status in {"gil-only", "pure-fallback"}
    )
    return [in_short(one) for one in finding.advice]


class TestLocks:
    """A lock is followed, and its pins are no caps."""

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ({"uv.lock": _uv(">=3.14")}, "upgrade 4.0 since 2.0"),
            ({"uv.lock": _uv(">=3.14", "<3")}, "upgrade 2.0"),
            ({"pylock.toml": _PYLOCK}, "upgrade 4.0 since 2.0"),
            ({"poetry.lock": _POETRY}, "upgrade 2.0"),
        ],
    )
    def test_a_newer_release_means_to_lock_again(
        self, files: dict[str, str], expected: str, index: Index, here: Path
    ) -> None:
        """What the project and the locked distributions ask for still counts, where the lock tells it."""
        write(files, here)
        assert _advice(check(index=index).report)[0] == expected
        assert "lock again" in ask(index=index).stdout

    @pytest.mark.parametrize(
        ("floor", "expected"),
        [
            (">=3.11", "upgrade 2.0"),
            (">=3.12,<4", "upgrade 3.0 since 2.0"),
            (">=3.13", "upgrade 4.0 since 2.0"),
            ("!=3.13.1", "upgrade 2.0"),
        ],
    )
    def test_a_lock_is_for_every_python_of_its_project(
        self, floor: str, expected: str, index: Index, here: Path
    ) -> None:
        write({"uv.lock": _uv(floor, options=FEWEST)}, here)
        assert _advice(check(index=index).report)[0] == expected

    def test_uv_locks_another_release_for_each_python_where_none_does_for_all(self, index: Index, here: Path) -> None:
        write({"uv.lock": _uv(">=3.11")}, here)
        assert _advice(check(index=index).report)[0] == "upgrade 4.0 since 2.0"
        assert "raise the project's Python" not in ask(index=index).stdout

    def test_the_floor_of_the_project_is_in_the_way(self, index: Index, here: Path) -> None:
        write({"uv.lock": _uv(">=3.11", ">=1,!=2.0", options=FEWEST)}, here)
        report = check(index=index).report
        assert _advice(report)[0] == "relax 4.0 since 3.0 for >=3.11 of line 2"
        (speed,) = (each for each in report["findings"] if each["distribution"] == "speed")
        best = speed["advice"][0]
        assert [(cap["floor"], cap["location"]["path"]) for cap in best["caps"]] == [(True, "uv.lock")]
        assert "raise the project's Python >=3.11 (uv.lock:2)" in joined(ask(index=index).stdout)

    def test_no_page_is_asked_for_that_the_verdicts_do_not_need(self, index: Index, here: Path) -> None:
        write({"uv.lock": _uv(">=3.11")}, here)
        index.forget()
        report = check(index=index).report
        assert [request.path for request in index.requests if "simple" in request.path] == ["/simple/speed/"]
        assert _advice(report, "accelerated") == []

    def test_offline_nothing_is_known_of_other_releases(self, here: Path) -> None:
        write({"uv.lock": _uv(">=3.11")}, here)
        assert _advice(check().report) == []


def test_a_resolved_project_is_not_bound_by_its_floor(index: Index, here: Path) -> None:
    write({"pyproject.toml": _project(">=3.11", "speed==1.0")}, here)
    assert _advice(check(index=index).report)[0] == "relax 4.0 since 2.0 for ==1.0 of line 5"


def test_each_of_several_projects_has_its_own_way_out(index: Index, here: Path) -> None:
    write({"requirements.txt": "speed==1.0\n", "uv.lock": _uv(">=3.13")}, here)
    found = _advice(check("requirements.txt", "uv.lock", index=index).report)
    assert found == ["upgrade 4.0 since 2.0", "relax 4.0 since 2.0 for ==1.0 of line 1"]


def test_a_project_that_excludes_the_target_is_told_to_admit_it(index: Index, here: Path) -> None:
    write({"pyproject.toml": _project("<3.14", "pure")}, here)
    (finding,) = check(index=index).report["findings"]
    assert [(each["kind"], each["held_back_by"], each["text"]) for each in finding["advice"]] == [
        ("relax", "pyproject.toml:4", "widen requires-python to admit 3.14t")
    ]
    (here / "pyproject.toml").unlink()
    lock = {"_meta": {"requires": {"python_version": "3.13"}}, "default": {"pure": {"version": "==1.0"}}, "develop": {}}
    write({"Pipfile.lock": json.dumps(lock)}, here)
    texts = [each["text"] for each in check(index=index).report["findings"][0]["advice"]]
    assert texts == ["widen python_version in [requires] of the Pipfile to admit 3.14t"]


@pytest.fixture(scope="module")
def offers() -> Iterator[Index]:
    with serve(load("advice")) as served:
        yield served


class TestTerminal:
    """One short line under a blocker; the rest is for those who ask."""

    def test_the_best_step_and_no_other(self, offers: Index) -> None:
        said = joined(ask("never", "since-two==1.0", index=offers).stdout)
        assert "no compatible release yet (latest:" in said
        assert "2025-05-05)" in said
        assert "relax ==1.0: 2.0 (2024-06-01) is the first that fits, 3.0 (2025-01-01) the newest (unverified)" in said
        assert "3.14t waits for free-threaded wheels of never." in said

    def test_what_the_reason_says_is_not_said_again(self, offers: Index) -> None:
        """The fallback is the best step, and tells its age; so does the regression."""
        said = joined(ask("lost-them", index=offers).stdout)
        assert "pip would silently take 1.0 (14 months older, 2024-01-15) instead" in said
        assert "go back to" not in said.partition("Installable")[0]
        assert "wait" not in said.partition("Installable")[0]
        assert "1.0 (2024-01-15) had a free-threaded wheel that fits; 1.2 does not" in said
        assert said.count("had a free-threaded wheel") == 1

    def test_everything_where_it_is_asked_for(self, offers: Index) -> None:
        said = joined(ask("lost-them", "accelerated", "-v", index=offers).stdout)
        assert "no compatible release yet (latest:" in said
        assert "2025-03-20)" in said
        assert "ask its authors whether that was intended" in said
        assert "go back to 1.0 (2025-01-01), 1 release and 3 months older, which has a compiled wheel that fits" in said

    def test_an_extra_that_can_be_left_out(self, offers: Index) -> None:
        said = joined(ask("app[fast]", "since-two", index=offers).stdout)
        assert "drop the `fast` extra of app; nothing else requires it" in said
        assert "Removing the `fast` extra of app removes that blocker." in said

    def test_what_goes_with_an_extra_is_not_told_of_the_other_blockers(self, offers: Index) -> None:
        """One is waited for, and one is up to the user."""
        said = joined(ask("app[fast]", "since-two==1.0", index=offers).stdout)
        assert "BLOCKED 2 blockers" in said
        assert "waits for free-threaded wheels of never. Removing the `fast` extra of app removes that blocker." in said

    def test_whom_others_keep_back(self, offers: Index) -> None:
        said = joined(ask("needs-old", "never", index=offers).stdout)
        assert "held back by needs-old 1.0 (<2): 2.0 (2024-06-01) is the first that fits" in said
        assert "waits for free-threaded wheels of never and for newer releases of since-two to be admitted" in said

    def test_what_an_old_release_lacks_says_nothing_of_new_ones(self, offers: Index) -> None:
        """1.0 has no wheel for 3.15 at all; what the project waits for is not known from that."""
        said = joined(ask("never==1.0", index=offers, python="3.15t").stdout)
        assert "3.15t waits for wheels of never." in said

    def test_a_project_that_is_archived(self, offers: Index) -> None:
        assert "the project is archived: expect no further release" in joined(ask("gone", index=offers).stdout)


@pytest.fixture(scope="module")
def crypto() -> Iterator[Index]:
    with serve(load("fallback")) as served:
        yield served


class TestWhatAnotherReleaseRequires:
    """A release that no resolution has is claimed by nobody: whose line it is that keeps it out is told instead."""

    @pytest.mark.parametrize("lines", ["crypto\nffi<2\n", "-c limits.txt\ncrypto\n"])
    def test_the_line_of_the_user(self, lines: str, crypto: Index, here: Path) -> None:
        write({"requirements.txt": lines, "limits.txt": "\nffi<2\n"}, here)
        said = joined(ask("requirements.txt", index=crypto).stdout)
        place = "limits.txt:2" if "-c" in lines else "requirements.txt:2"
        assert f"relax `ffi<2` ({place}): 50.0 (2026-01-01) fits (unverified)" in said
        assert "pip would" not in said

    def test_the_edit_that_is_named_frees_it(self, crypto: Index, here: Path) -> None:
        write({"requirements.txt": "crypto\nffi\n"}, here)
        assert check("requirements.txt", index=crypto).blockers == {}

    def test_another_distribution(self, crypto: Index) -> None:
        said = joined(ask("needs-old-ffi", "crypto", index=crypto).stdout)
        assert "held back by needs-old-ffi 1.0 (ffi<2): `nogilcheck plan` tells whether other releases help" in said
        assert "pip would" not in said


class TestUpTheChain:
    """What holds a project is looked for up to the user's line, and the closing line, the advice and a plan agree."""

    @pytest.mark.parametrize(
        ("line", "advised"),
        [
            (
                "model==2.10",
                "relax `model==2.10` (requirements.txt:1): model 2.12 (2025-11-01) takes 2.41, which fits (unverified)",
            ),
            (
                "uses-model<2",
                "relax `uses-model<2` (requirements.txt:1): uses-model 2.0 (2025-12-01) takes 2.41, which fits",
            ),
            (
                "took-never",
                "go back to took-never 1.0 (2025-03-01), which does without it (unverified)",
            ),
            (
                "took-never==2.0",
                "relax `took-never==2.0` (requirements.txt:1): took-never 1.0 (2025-03-01) does without it",
            ),
        ],
    )
    def test_it_is_the_users_line(self, line: str, advised: str, offers: Index, here: Path) -> None:
        write({"requirements.txt": f"{line}\n"}, here)
        said = joined(ask("requirements.txt", index=offers).stdout)
        assert advised in said
        assert "wait" not in said
        planned = plan("requirements.txt", index=offers)
        assert planned.verified
        assert planned.remaining == []

    def test_nothing_leads_around_it(self, offers: Index, here: Path) -> None:
        write({"requirements.txt": "took-never>=2\n"}, here)
        assert "waits for free-threaded wheels of never" in joined(ask("requirements.txt", index=offers).stdout)
        assert plan("requirements.txt", index=offers).changes == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("excluded!=2.0", "held back by requirements.txt:1 (!=2.0): 2.0 (2024-03-01) fits"),
        ("speed<3,!=2.0", "relax !=2.0,<3 (requirements.txt:1): 3.0"),
    ],
)
def test_what_the_user_excludes_is_no_line_to_relax(line: str, said: str, index: Index, here: Path) -> None:
    """An exclusion has its reasons: the next release is looked for, and where there is none the exclusion is named."""
    write({"requirements.txt": f"{line}\n"}, here)
    shown = joined(ask("requirements.txt", index=index).stdout)
    assert said in shown
    assert ("elax" in shown) is ("relax" in said)
    planned = plan("requirements.txt", index=index)
    assert bool(planned.changes) is ("relax" in said)


class TestWhatIsFiltered:
    """What an option or a Requires-Python excludes is not told as what does not exist."""

    def test_wheels_that_are_not_wanted(self, offers: Index) -> None:
        said = joined(ask("with-sdist", "--no-binary", "with-sdist", index=offers).stdout)
        assert "every wheel is excluded by --no-binary with-sdist;" in said
        assert "no wheel for any Python" not in said
        assert "wait" not in said

    def test_an_sdist_that_is_not_wanted(self, offers: Index) -> None:
        said = joined(ask("of-source", "--only-binary", ":all:", index=offers).stdout)
        assert "files are excluded by --only-binary :all:," in said
        assert "let --only-binary :all: admit of-source-1.0.tar.gz, an sdist, to be built" in said.replace(
            "of_s", "of-s"
        )

    @pytest.mark.parametrize(
        ("said", "files", "variables"),
        [
            ("--no-binary :all: (requirements.txt:2)", {"requirements.txt": "with-sdist\n--no-binary :all:\n"}, {}),
            ("--no-binary with-sdist (more.txt:1)",
             {"requirements.txt": "--no-binary x\nwith-sdist\n-r more.txt", "more.txt": "--no-binary=With_sdist"}, {}),
            ("--no-binary :all: (pip.conf:2)",
             {"requirements.txt": "with-sdist", "pip.conf": "[install]\nno-binary = :all:\n"},
             {"PIP_CONFIG_FILE": "pip.conf"}),
            ("--no-binary :all: (PIP_NO_BINARY)", {"requirements.txt": "with-sdist"}, {"PIP_NO_BINARY": ":all:"}),
            ("tool.uv.no-binary (pyproject.toml:5)", {"pyproject.toml": _UV_PROJECT + "no-binary = true\n"}, {}),
            ("tool.uv.no-binary-package (pyproject.toml:6)",
             {"pyproject.toml": _UV_PROJECT + 'no-binary-package = [\n  "with-sdist",\n]\n'}, {}),
            ("UV_NO_BINARY_PACKAGE", {"pyproject.toml": _UV_PROJECT + "package = false\n"},
             {"UV_NO_BINARY_PACKAGE": "x with-sdist"}),
        ],
    )  # fmt: skip
    def test_a_filter_is_named_with_its_place(
        self,
        said: str,
        files: dict[str, str],
        variables: dict[str, str],
        offers: Index,
        here: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        write(files, here)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        shown = joined(ask(index=offers).stdout)
        assert f"every wheel is excluded by {said};" in shown

    def test_an_sdist_for_other_pythons(self, offers: Index) -> None:
        said = joined(ask("sdist-for-older", index=offers).stdout)
        assert "its sdist needs Python <3.14" in said
        assert "no sdist" not in said

    def test_a_backport(self, offers: Index) -> None:
        """1.0.1 fits and is younger than 2.0, which lost nothing."""
        assert "regressed" not in ask("backported", index=offers).stdout


class TestWhatIsNear:
    """What is nearly there is told as it is."""

    def test_the_first_that_fits_and_the_first_that_is_made_for_it(self, offers: Index) -> None:
        said = joined(ask("pure-between==1.0", index=offers).stdout)
        assert (
            "relax ==1.0: 2.0 (2026-01-01) is the first that fits, 3.0 (2026-02-01) the first with a free-threaded "
            "wheel, 4.0 (2026-03-01) the newest (unverified)" in said
        )

    def test_a_newer_glibc(self, offers: Index) -> None:
        said = joined(ask("newer-glibc", index=offers).stdout)
        assert "needs glibc 2.35 (the target assumes 2.34: `--platform manylinux_2_35_x86_64`)" in said
        assert "but is GIL-only there" in said
        assert "its dependencies are those of newer_glibc-1.0-cp314-cp314-manylinux_2_35_x86_64.whl" in said
        assert "any Python" not in said

    def test_a_newer_glibc_for_the_free_threaded_build(self, offers: Index) -> None:
        said = joined(ask("newer-glibc-free", index=offers).stdout)
        assert "its free-threaded wheel needs glibc 2.39 (the target assumes 2.34: `--platform" in said
        assert "GIL-only" not in said

    def test_the_place_that_gives_no_upload_times(self, offers: Index, here: Path) -> None:
        with serve(parse('[projects.linked]\n"1.0" = {}'), SHAPES["mirror"]) as served:
            found = check("linked", "--extra-index-url", served.url, "--exclude-newer", "2026-06-01", index=offers)
        assert any(f"linked: {served.url} gives no upload times" in text for _, text in found.gaps), found.gaps


class TestReleaseLag:
    """What only waits for a release is told apart from what nobody has ported."""

    def test_they_are_counted_apart(self, offers: Index) -> None:
        said = joined(ask("lags", "gil-only-in-two", "dropped-one", index=offers, python="3.15t").stdout)
        assert "1 is not released for 3.15t yet; 1 is GIL-only in every release" in said
        assert "free-threaded wheels for 3.13 and 3.14, none for 3.15 yet" in said
        assert said.replace("release yet", "").count(" yet") == 2

    def test_nothing_is_late_for_a_python_that_it_is_for(self, offers: Index) -> None:
        said = joined(ask("lags", "gil-only-in-two", index=offers).stdout)
        assert "yet" not in said.replace("release yet", "")
        assert "GIL-only in every release" not in said

    def test_wheels_for_a_later_python_are_no_lag(self, offers: Index) -> None:
        assert "yet" not in ask("of-others", index=offers, python="3.14t").stdout.replace("release yet", "")
