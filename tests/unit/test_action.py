"""The GitHub action and the pre-commit hooks: their shape, and what the shell makes of hostile inputs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from nogilcheck.cli.fast_parser import spellings

ROOT = Path(__file__).parents[2]
BASH = shutil.which("bash")
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
KNOWN = {
    "top": {"name", "description", "author", "branding", "inputs", "outputs", "runs"},
    "input": {"description", "default", "required"},
    "output": {"description", "value"},
    "run": {"name", "id", "if", "shell", "env", "run", "working-directory"},
    "uses": {"name", "id", "if", "uses", "with", "env"},
}
"""Keys of action metadata (GitHub, "Metadata syntax reference")."""


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


ACTION: Any = load("action.yml")
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
CHECK: dict[str, Any] = next(step for step in STEPS if step.get("id") == "check")


def test_the_action_is_composite_and_has_no_unknown_keys() -> None:
    assert set(ACTION) <= KNOWN["top"]
    assert set(ACTION["runs"]) == {"using", "steps"}
    assert ACTION["runs"]["using"] == "composite"
    for one in ACTION["inputs"].values():
        assert set(one) <= KNOWN["input"]
        assert isinstance(one["default"], str), "YAML's own types are not what the shell gets"
    for one in ACTION["outputs"].values():
        assert set(one) <= KNOWN["output"]
    for step in STEPS:
        assert set(step) <= KNOWN["run" if "run" in step else "uses"], step["name"]
        assert ("run" in step) != ("uses" in step)
        assert ("run" in step) == ("shell" in step)


def test_nothing_is_interpolated_into_shell() -> None:
    for step in STEPS:
        assert not EXPRESSION.search(step.get("run", "")), step["name"]


def test_every_input_is_used_and_every_reference_leads_somewhere() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    references = [*EXPRESSION.findall(text), *(step["if"] for step in STEPS if "if" in step)]
    assert {name for one in references for name in re.findall(r"inputs\.([a-z-]+)", one)} == set(ACTION["inputs"])
    ids = {step["id"] for step in STEPS if "id" in step}
    assert {name for one in references for name in re.findall(r"steps\.([a-z-]+)\.", one)} <= ids


def run_check(tmp_path: Path, **inputs: str) -> tuple[int, list[str]]:
    """The step as the runner runs it, with a program in place of nogilcheck that prints its arguments."""
    assert BASH
    program = tmp_path / "nogilcheck"
    program.write_text('#!/bin/sh\nfor argument; do printf "[%s]\\n" "$argument"; done\nexit 1\n', encoding="utf-8")
    program.chmod(0o755)
    output = tmp_path / "output"
    output.unlink(missing_ok=True)
    given = {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
    defaults = {name: "" for name in CHECK["env"] if name.startswith("INPUT_")}
    env = {
        **os.environ, **defaults, "INPUT_ANNOTATIONS": "true", **given,
        "SCRIPTS": str(tmp_path), "GITHUB_OUTPUT": str(output),
    }  # fmt: skip
    assert set(given) <= set(defaults)
    done = subprocess.run(
        [BASH, "--noprofile", "--norc", "-eo", "pipefail", "-c", CHECK["run"]],
        cwd=tmp_path, env=env, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.stderr == ""
    made = [line for line in inputs.get("output", "").splitlines() if (tmp_path / line).is_file()]
    report = f"report={made[0]}\n" if made else ""
    assert output.read_text(encoding="utf-8") == f"exit-status={done.returncode}\n{report}"
    return done.returncode, done.stdout.splitlines()


@pytest.mark.skipif(BASH is None or os.name != "posix", reason="needs bash")
def test_inputs_become_arguments(tmp_path: Path) -> None:
    assert run_check(tmp_path) == (1, ["[check]"])
    (tmp_path / "r.md").touch()
    status, arguments = run_check(
        tmp_path, files="a.txt\nb c.txt\n", python="3.14t,3.15t", platform="all", allow_target="3.15t",
        output="r.sarif\nr.md", args="--all-extras\n--group\ntest", annotations="false",
    )  # fmt: skip
    assert status == 1
    assert arguments == [
        "[check]", "[a.txt]", "[b c.txt]", "[--python=3.14t,3.15t]", "[--platform=all]", "[--allow-target=3.15t]",
        "[--output=-]", "[--output=r.sarif]", "[--output=r.md]", "[--all-extras]", "[--group]", "[test]",
        "[--no-annotations]",
    ]  # fmt: skip


@pytest.mark.skipif(BASH is None or os.name != "posix", reason="needs bash")
@pytest.mark.parametrize("hostile", ["$(touch run)", "`touch run`", '"; touch run; "', "'; touch run; '", "*", "$HOME"])
def test_no_input_is_run_or_expanded(tmp_path: Path, hostile: str) -> None:
    names = [name.removeprefix("INPUT_").lower() for name in CHECK["env"] if name.startswith("INPUT_")]
    _, arguments = run_check(tmp_path, **dict.fromkeys(names, hostile))
    assert not (tmp_path / "run").exists()
    assert arguments.count(f"[{hostile}]") == 2
    assert f"[--python={hostile}]" in arguments


HOOKS: list[dict[str, Any]] = load(".pre-commit-hooks.yaml")


def test_hooks_run_commands_that_exist() -> None:
    assert [hook["id"] for hook in HOOKS] == ["nogilcheck", "nogilcheck-lock"]
    for hook in HOOKS:
        program, *options = hook["entry"].split()
        assert (program, hook["language"], hook["require_serial"]) == ("nogilcheck-hook", "python", True)
        assert "pass_filenames" not in hook
        assert set(options) <= spellings().keys()
    assert "--offline" in HOOKS[1]["entry"].split()


@pytest.mark.parametrize(
    ("path", "matched"),
    [
        ("pyproject.toml", "one"), ("services/api/pyproject.toml", "one"), ("setup.cfg", "one"),
        ("requirements.txt", "one"), ("requirements-dev.in", "one"), ("dev-requirements.txt", "one"),
        ("requirements/base.txt", "one"), ("constraints.txt", "one"), ("environment.yml", "one"),
        ("Pipfile.lock", "one"), ("nogilcheck.toml", "one"), ("pixi.toml", "one"), ("sub/pixi.lock", "one"),
        ("uv.lock", "two"), ("poetry.lock", "two"),
        ("pylock.toml", "two"), ("pylock.dev.toml", "two"), ("sub/pdm.lock", "two"),
        ("README.md", "none"), ("src/requirements.py", "none"), ("my-pyproject.toml", "none"), ("notes.txt", "none"),
    ],
)  # fmt: skip
def test_hooks_look_at_what_states_dependencies(path: str, matched: str) -> None:
    """``one``: the first hook; ``two``: the offline one as well."""
    first, second = (bool(re.search(hook["files"], path)) for hook in HOOKS)
    assert first == (matched != "none")
    assert second == (matched == "two")
