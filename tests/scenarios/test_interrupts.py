"""Ctrl-C: the status, the message, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nogilcheck.cli.ctrl_c import ending_soon_after_ctrl_c
from tests.support.command import run
from tests.world import Index, parse, serve

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process there")

WORLD = parse("""
[projects]
leaf."1.0" = {}
app."1.0" = { requires = ["leaf", "slow"] }
slow."1.0" = {}
""")

START = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
{before}
from nogilcheck.cli.main import main
main()
"""

DEADLOCK = """
import threading
from nogilcheck.index.workers import Workers
Workers.close = lambda *_, **__: threading.Lock().acquire() and threading.Event().wait()
"""


def interrupted(index: Index, cache_dir: Path, before: str = "") -> tuple[int, bytes]:
    """The status and the messages of a run that is interrupted while a page does not come."""
    hang = index.hang("/simple/slow/")
    command = [sys.executable, "-c", START.format(before=before), "app", "--index-url", index.url, "--python", "3.14t"]
    process = subprocess.Popen(
        [*command, "--cache-dir", str(cache_dir)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=Path.cwd()
    )
    try:
        assert hang.entered.wait(60)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    index.heal()
    return process.returncode, errors


@pytest.mark.parametrize("before", ["", DEADLOCK], ids=["orderly", "deadlocked"])
def test_it_ends_and_the_cache_is_whole(cache_dir: Path, before: str) -> None:
    with serve(WORLD) as index:
        assert interrupted(index, cache_dir, before) == (130, b"nogilcheck: interrupted\n")
        again = run("app", "--index-url", index.url, "--python", "3.14t", "--cache-dir", str(cache_dir))
        assert (again.status, again.stderr) == (0, "")


def test_the_handler_of_others_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with ending_soon_after_ctrl_c():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with ending_soon_after_ctrl_c():
            assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)
