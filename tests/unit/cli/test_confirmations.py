"""Every file that a command writes is confirmed on standard error, unless ``--quiet`` is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import run

COMMANDS = {
    "check": ("check", "six", "--offline", "--no-cache", "-p", "3.14t"),
    "why": ("why", "six", "six", "--offline", "--no-cache", "-p", "3.14t"),
    "plan": ("plan", "six", "--offline", "--no-cache", "-p", "3.14t"),
    "minimum": ("minimum", "six", "--offline", "--no-cache", "-p", "3.14t"),
    "report": ("report", "saved.json"),
    "inspect": ("inspect", "empty"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_what_was_written_is_confirmed(command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("empty").mkdir()
    run(*COMMANDS["check"], "-o", "saved.json", "-q")
    said = run(*COMMANDS[command], "-o", "new.json")
    written = Path("new.json").read_text(encoding="utf-8")
    assert "Wrote new.json (" in said.stderr
    quiet = run(*COMMANDS[command], "-o", "new.json", "--quiet")
    assert (quiet.status, quiet.stdout, "Wrote" in quiet.stderr) == (said.status, "", False)
    assert Path("new.json").read_text(encoding="utf-8")[:40] == written[:40]
