"""Every requirement is accounted for, in every format: judged, not applicable, or not checked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.model.report.report import Report
from nogilcheck.report.formats import RENDERERS
from tests.support.command import Outcome, run
from tests.world import SHAPES, parse, serve

WORLD = """
[projects.lib]
"1.0" = { wheels = ["cp312-cp312-manylinux_2_28_x86_64"] }
[projects.six]
"1.0" = {}
[projects.idna]
"1.0" = {}
"""
CAPPED = 'lib==1.0 ; python_version < "3.13"'
ELSEWHERE = 'win ; sys_platform == "win32"'
TARGET = "cp314t-linux_x86_64"
UV_LOCK = """version = 1
requires-python = ">=3.11"
[[package]]
name = "p"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "lib", marker = "python_full_version < '3.13'" },
    { name = "six" },
]
[[package]]
name = "lib"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://pypi.org/lib-1.0-cp312-cp312-manylinux_2_28_x86_64.whl", hash = "sha256:00" }]
[[package]]
name = "six"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://pypi.org/six-1.0-py3-none-any.whl", hash = "sha256:00" }]
"""


def check(*arguments: str, cache: Path) -> Outcome:
    """A check of 3.14t."""
    with serve(parse(WORLD), SHAPES["pypi"]) as index:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url)


def report_of(text: str, cache: Path, name: str = "r.txt") -> dict[str, Any]:
    """The JSON report on a file of this text; it is read back as it was written."""
    Path(name).write_text(text, encoding="utf-8")
    outcome = check(name, "--format", "json", cache=cache)
    assert Report.from_json(outcome.stdout).to_json() == outcome.stdout
    found: dict[str, Any] = json.loads(outcome.stdout)
    assert all(set(root["targets"]) == {TARGET} for root in found["roots"])
    return found


def states(report: dict[str, Any]) -> dict[int, str]:
    """By line: what became of the requirement."""
    return {root["line"]: root["targets"][TARGET] for root in report["roots"]}


def caps(report: dict[str, Any]) -> list[tuple[str, int, str]]:
    """The warnings of requirements that are capped: project, line, severity."""
    found = [finding for finding in report["findings"] if finding["status"] == "python-cap"]
    return [(finding["distribution"], finding["location"]["line"], finding["severity"]) for finding in found]


def test_the_json_report_has_every_requirement(cache_dir: Path) -> None:
    report = report_of(f"{CAPPED}\nsix\n{ELSEWHERE}\nabsent\n./nowhere.whl\n", cache_dir)
    assert states(report) == {1: "not-applicable", 2: "judged", 3: "not-applicable", 4: "not-checked"}
    assert [root["marker"] for root in report["roots"]] == [
        'python_version < "3.13"',
        None,
        'sys_platform == "win32"',
        None,
    ]
    assert 5 in [gap["location"]["line"] for gap in report["gaps"] if gap["location"]], "what is unread is a gap"
    assert caps(report) == [("lib", 1, "warning")]


@pytest.mark.parametrize("output_format", [name for name in RENDERERS if name != "badge"])
def test_every_format_tells_what_does_not_apply(output_format: str, cache_dir: Path) -> None:
    Path("r.txt").write_text(f"six\n{CAPPED}\n{ELSEWHERE}\n", encoding="utf-8")
    outcome = check("r.txt", "--format", output_format, cache=cache_dir)
    assert (outcome.status, outcome.stderr) == (0, "")
    for name, line in (("lib", 2), ("win", 3)):
        told = [text for text in outcome.stdout.split("\n") if name in text]
        assert told, f"{output_format} does not tell of {name}"
        place = {"gitlab": f'"begin": {line}', "sarif": f'"startLine": {line}', "json": f'"line": {line}'}
        place |= {"junit": name, "mermaid": f"r.txt#58;{line}"}
        assert place.get(output_format, f"r.txt:{line}") in outcome.stdout


@pytest.mark.parametrize(
    "marker",
    [
        'python_version < "3.13"',
        'python_version == "3.12"',
        'python_full_version <= "3.12.9"',
        'python_version < "3.14"',
        'python_version in "3.11 3.12"',
        'python_version < "3.13" and sys_platform == "linux"',
        'implementation_name == "cpython" and python_version <= "3.13"',
    ],
)
def test_a_marker_that_admits_older_pythons_only_is_a_warning(marker: str, cache_dir: Path) -> None:
    report = report_of(f"six\nlib==1.0 ; {marker}\n", cache_dir)
    assert (report["exit_status"], caps(report)) == (0, [("lib", 2, "warning")])
    assert states(report)[2] == "not-applicable"


@pytest.mark.parametrize(
    "line",
    [
        'lib ; sys_platform == "win32"',
        'lib ; python_version >= "3.16"',
        'lib ; python_version < "3.13" and sys_platform == "win32"',
        'lib ; python_version != "3.14"',
        'lib ; implementation_name == "pypy"',
        'idna<1 ; python_version < "3.13"\nidna>=1 ; python_version >= "3.13"',
    ],
)
def test_what_does_not_apply_for_another_reason_is_no_warning(line: str, cache_dir: Path) -> None:
    report = report_of(f"six\n{line}\n", cache_dir)
    assert (report["exit_status"], caps(report)) == (0, [])
    assert states(report)[2] == "not-applicable"


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        ("pyproject.toml", f"[project]\nname = 'p'\nversion = '1'\ndependencies = [\n'six',\n'{CAPPED}',\n]\n", 6),
        (
            "pyproject.toml",
            "[tool.poetry]\nname = 'p'\n[tool.poetry.dependencies]\nsix='*'\nlib = {version='1', python='<3.13'}\n",
            5,
        ),
        ("script.py", f"# /// script\n# dependencies = [\n#   'six',\n#   '{CAPPED}',\n# ]\n# ///\n", 4),
        ("environment.yml", f"dependencies:\n- pip:\n  - six\n  - {CAPPED}\n", 4),
        ("uv.lock", UV_LOCK, 8),
    ],
)  # fmt: skip
def test_other_inputs(name: str, text: str, line: int, cache_dir: Path) -> None:
    report = report_of(text, cache_dir, name)
    assert (report["exit_status"], caps(report)) == (0, [("lib", line, "warning")])
    assert sorted(states(report).values()) == ["judged", "not-applicable"]


def test_only_on_some_targets(cache_dir: Path) -> None:
    Path("r.txt").write_text('six\nidna ; python_version < "3.15"\n', encoding="utf-8")
    outcome = check("r.txt", "--python", "3.15t", cache=cache_dir)
    assert 'r.txt:2: idna ; python_version < "3.15" (on 3.15t on linux-x86_64)' in outcome.stdout


def test_a_cap_can_fail_the_run(cache_dir: Path) -> None:
    Path("r.txt").write_text(f"six\n{CAPPED}\n", encoding="utf-8")
    assert check("r.txt", "--fail-on", "warning", cache=cache_dir).status == 1
    assert check("r.txt", "--fail-on", "warning", "--ignore", "lib", cache=cache_dir).status == 0


@pytest.mark.parametrize("name", ["lib", "Win"])
def test_why_knows_what_does_not_apply(name: str, cache_dir: Path) -> None:
    Path("r.txt").write_text(f"six\n{CAPPED}\n{ELSEWHERE}\n", encoding="utf-8")
    outcome = check("why", name, "r.txt", cache=cache_dir)
    assert (outcome.status, outcome.stderr) == (0, "")
    requirement = CAPPED if name == "lib" else ELSEWHERE
    assert f"r.txt:{2 if name == 'lib' else 3}: {requirement}" in outcome.stdout
    told = json.loads(check("why", name, "r.txt", "--format", "json", cache=cache_dir).stdout)
    (position,) = told["not_applicable"]
    assert (told["roots"][position]["requirement"], told["distributions"]) == (requirement, [])
    for output_format in ("dot", "mermaid"):
        assert name.lower() in check("why", name, "r.txt", "--format", output_format, cache=cache_dir).stdout


def test_why_tells_of_both_alternatives(cache_dir: Path) -> None:
    Path("r.txt").write_text('idna<1 ; python_version < "3.13"\nidna>=1\n', encoding="utf-8")
    outcome = check("why", "idna", "r.txt", cache=cache_dir)
    assert outcome.status == 0
    assert "r.txt:2  idna" in outcome.stdout
    assert 'r.txt:1: idna<1 ; python_version < "3.13"' in outcome.stdout


def test_a_report_of_before_is_read(cache_dir: Path) -> None:
    """Its requirements have neither a marker of their own nor what became of them."""
    report = report_of("six\n", cache_dir)
    for root in report["roots"]:
        del root["marker"], root["targets"]
    assert Report.from_json(json.dumps(report)).roots[0].targets is None
