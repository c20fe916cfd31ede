from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from nogilcheck.cli.completion import insert_check
from tests.layout import ROOT
from tests.support.command import unmeasured

COMMANDS = ("check", "explain")
OPTIONS = ("--version", "-V")


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("nogilcheck", "nogilcheck"),
        ("nogilcheck ", "nogilcheck "),
        ("nogilcheck ex", "nogilcheck ex"),
        ("nogilcheck explain gil", "nogilcheck explain gil"),
        ("nogilcheck --ver", "nogilcheck --ver"),
        ("nogilcheck --version ", "nogilcheck --version "),
        ("nogilcheck --", "nogilcheck check --"),
        ("nogilcheck -", "nogilcheck check -"),
        ("nogilcheck --form", "nogilcheck check --form"),
        ("nogilcheck ex ", "nogilcheck check ex "),
        ("nogilcheck r.txt --form", "nogilcheck check r.txt --form"),
        ("nogilcheck\nr.txt\n--form", "nogilcheck\ncheck\nr.txt\n--form"),
        ("", ""),
    ],
)
def test_check_is_put_where_it_is_left_out(line: str, completed: str) -> None:
    environ = {"COMP_WORDS": line, "COMP_CWORD": "1"}
    insert_check(environ, COMMANDS, OPTIONS)
    assert environ == {"COMP_WORDS": completed, "COMP_CWORD": "1" if line == completed else "2"}
    other = {"_TYPER_COMPLETE_ARGS": line}
    insert_check(other, COMMANDS, OPTIONS)
    assert other == {"_TYPER_COMPLETE_ARGS": completed}


LINES = {
    "check --python 3.14,3.1": "3.14,3.15t",
    "r.txt --platform linux-": "linux-aarch64",
    "--format sa": "sarif",
    "plan --prefer sm": "smallest",
    "why six --format mer": "mermaid",
    "explain gil-o": "gil-only",
    "check --ignore NGC00": "NGC006",
    "check --fail-on direct:n": "direct:new",
    "diff --format j": "json",
}


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_values_with_the_script_that_is_installed(tmp_path: Path) -> None:
    program = tmp_path / "nogilcheck"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nogilcheck "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    asked = "".join(
        f"COMP_WORDS=(nogilcheck {line}); COMP_CWORD={len(line.split())}; _nogilcheck_completion nogilcheck; "
        'echo "${COMPREPLY[*]}" | tr "\\n" " "; echo\n'
        for line in LINES
    )
    script = f'eval "$(_NOGILCHECK_COMPLETE=source_bash nogilcheck)"\n{asked}'
    environment = {**unmeasured(), "PATH": f"{tmp_path}:/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, env=environment, timeout=120, check=True
    )
    offered = dict(zip(LINES, map(str.split, done.stdout.splitlines()), strict=True))
    assert {line: word in offered[line] for line, word in LINES.items()} == dict.fromkeys(LINES, True), done.stderr
