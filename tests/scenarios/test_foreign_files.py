"""Files and tables of other tools that are not read: a gap or an error that says what to do, never silence."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import Outcome, run
from tests.world import SHAPES, parse, serve

UNUSABLE, UNKNOWN = 2, 3
PROJECT = '[project]\nname = "p"\nversion = "1"\ndependencies = ["lib"]\n'
PIXI = '[tool.pixi.workspace]\nchannels = ["conda-forge"]\n'


def check(*arguments: str, cache: Path) -> Outcome:
    """A check of 3.14t with an index that has ``lib``."""
    with serve(parse('[projects.lib]\n"1.0" = {}\n'), SHAPES["pypi"]) as index:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(cache), "--index-url", index.url)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("environment.yml", "dependencies:\n- python=3.14\n- pip:\n  - lib\n", "environment.yml:2: python=3.14"),
        ("environment.yml", "dependencies:\n- numpy\n- pip:\n  - lib\n", "environment.yml:2: 1 conda package"),
        ("environment.yml", 'dependencies:\n- "python >=3.14"\n- pip:\n  - lib\n', "environment.yml:2: python >=3.14"),
        ("environment.yml", "dependencies:\n- pip:\n  - --pre\n  - lib\n", "environment.yml:3: an option for pip"),
        ("pyproject.toml", f'{PROJECT}{PIXI}[tool.pixi.dependencies]\nnumpy = "*"\n', "8: 1 conda package is"),
        ("pyproject.toml", f'{PROJECT}{PIXI}[tool.pixi.target.linux.dependencies]\na = "*"\n', "8: 1 conda package is"),
        (
            "pixi.toml",
            '[dependencies]\nlib = "*"\n[pypi-dependencies]\nlib = "*"\n',
            "4: lib is a conda package as well",
        ),
        ("pixi.toml", '[pypi-dependencies]\nlib = "*"\n[pypi-options]\nprerelease-mode = "explicit"', "pixi.toml:4:"),
    ],
)
def test_parts_that_are_not_read_are_gaps(name: str, text: str, said: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert (outcome.status, outcome.stderr) == (UNKNOWN, "")
    assert said in " ".join(outcome.stdout.split())


def test_a_manifest_of_pixi_is_read_along_with_the_project(here: Path, cache_dir: Path) -> None:
    (here / "pixi.toml").write_text(
        '[pypi-dependencies]\nlib = ">=1"\n[dependencies]\npython = "*"\n', encoding="utf-8"
    )
    assert check(cache=cache_dir).status == 0
    (here / "requirements.txt").write_text("other\n", encoding="utf-8")
    assert "Using pixi.toml" in check(cache=cache_dir).stdout
    (here / "pyproject.toml").write_text('[project]\nname = "p"\ndependencies = ["nothing"]\n', encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert outcome.status == UNKNOWN, "an index without `nothing`"
    assert "pyproject.toml: 1 requirement, pixi.toml: 1 requirement" in outcome.stdout


FILES = [
    ("conda-linux-64.lock", "@EXPLICIT\n"),
]

EMPTY = [
    json.dumps({"version": "1", "pip_version": "26.3", "install": []}),
    json.dumps({"version": "1", "pip_version": "26.3", "installed": []}),
    json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "left-pad", "purl": "pkg:npm/left-pad@1"}]}),
    json.dumps({"spdxVersion": "SPDX-2.3"}),
]


BILLS = [
    ("a.spdx", "SPDXVersion: SPDX-2.3\n"),
    ("any.xml", "SPDXVersion: SPDX-2.3\n"),
    ("any.spdx.json", '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}'),
    ("any.json", '{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}'),
    ("bom.xml", "<bom/>"),
    ("any.xml", '<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>'),
]


@pytest.mark.parametrize(("name", "text"), BILLS)
def test_a_bill_of_another_kind_is_an_error_where_it_is_named(
    name: str, text: str, here: Path, cache_dir: Path
) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = run(name, "--offline", "--cache-dir", str(cache_dir))
    assert outcome.status == UNUSABLE
    assert "hint: write it as CycloneDX JSON or SPDX 2.3 JSON" in outcome.stderr
    (here / "requirements.txt").write_text("lib\n", encoding="utf-8")
    assert check(cache=cache_dir).status == 0, "it says nothing of what the project requires"


def test_json_that_is_cut_off_has_a_line(here: Path, cache_dir: Path) -> None:
    (here / "report.json").write_text('{"version": "1",\n "install": [', encoding="utf-8")
    outcome = run("report.json", "--offline", "--cache-dir", str(cache_dir))
    assert (outcome.status, "report.json:2: not valid JSON" in outcome.stderr) == (UNUSABLE, True)


@pytest.mark.parametrize(("name", "text"), FILES)
def test_a_file_that_is_not_read_is_an_error(name: str, text: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(name, cache=cache_dir)
    assert outcome.status == UNUSABLE
    assert f"{name}: a" in outcome.stderr
    assert "which is not supported" in outcome.stderr
    assert "hint:" in outcome.stderr
    assert "--input-format" not in outcome.stderr, "none would help"


@pytest.mark.parametrize(("name", "text"), FILES)
def test_a_directory_with_such_a_file(name: str, text: str, here: Path, cache_dir: Path) -> None:
    (here / name).write_text(text, encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert outcome.status == UNUSABLE
    assert f"{name}: a" in outcome.stderr
    (here / "requirements.txt").write_text("lib\n", encoding="utf-8")
    outcome = check(cache=cache_dir)
    assert outcome.status == UNKNOWN
    assert f"{name}: a" in outcome.stdout
    assert check("requirements.txt", cache=cache_dir).status == 0, "the file that counts was named"


@pytest.mark.parametrize("name", ["pixi.toml", "pyproject.toml"])
def test_a_manifest_of_pixi_that_requires_nothing_is_never_ready(name: str, here: Path, cache_dir: Path) -> None:
    table = "tool.pixi." if name == "pyproject.toml" else ""
    (here / name).write_text(f'[{table}dependencies]\npython = "*"\n[{table}pypi-dependencies]\n', encoding="utf-8")
    assert check(name, cache=cache_dir).status == (UNKNOWN if table else UNUSABLE)


@pytest.mark.parametrize("text", EMPTY)
def test_a_list_of_nothing_is_never_ready(text: str, cache_dir: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "nogilcheck", "-", "--offline", "--cache-dir", str(cache_dir)],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == UNUSABLE
    assert "no distribution of PyPI" in done.stderr


LISTINGS = Path(__file__).parents[2] / "fixtures" / "listings"
INDEX = """
[projects.grpcio]
"1.85.3" = { wheels = ["cp314-cp314-manylinux_2_17_x86_64"], sdist = true }
[projects.psycopg-binary]
"3.3.9" = { wheels = ["cp314-cp314-manylinux_2_17_x86_64"] }
[projects.charset-normalizer]
"3.5.3" = { wheels = ["cp314-cp314t-manylinux_2_17_x86_64", "py3-none-any"] }
"""


@pytest.mark.parametrize("file", sorted(LISTINGS.glob("*.json")), ids=lambda file: file.name)
def test_what_real_tools_wrote_of_one_environment_has_the_same_blockers(file: Path, cache_dir: Path) -> None:
    names = {
        "certifi": "2026.10.19.post1", "idna": "3.20", "pip": "26.3", "psycopg": "3.3.9", "requests": "2.34.2",
        "typing-extensions": "4.16.0", "urllib3": "2.8.0",
    }  # fmt: skip
    pure = "".join(f'[projects.{name}]\n"{version}" = {{}}\n' for name, version in names.items())
    with serve(parse(INDEX + pure), SHAPES["pypi"]) as index:
        arguments = (str(file), "--python", "3.14t", "--cache-dir", str(cache_dir), "--index-url", index.url)
        outcome = run(*arguments, "--platform", "linux-x86_64", "--format", "json")
    report = json.loads(outcome.stdout)
    found = {(one["distribution"], one["rule"]) for one in report["findings"] if one["severity"] == "blocker"}
    assert (outcome.status, {name for name, _ in found}) == (1, {"grpcio", "psycopg-binary"}), outcome.stdout
