"""Ctrl-C: the status, the message, and what is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nogilcheck.cli.terminal.ctrl_c import ending_soon_after_ctrl_c
from nogilcheck.jobs import check
from tests.support.command import run, unmeasured
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


AT = """
import atexit, os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

class Interrupting:
    def find_spec(self, name, *_):
        if name == {module!r}:
            interrupt()

sys.meta_path.insert(0, Interrupting())
if {module!r} == "":
    atexit.register(interrupt)
from nogilcheck.cli.start import main
main()
"""


@pytest.mark.parametrize(
    ("module", "ending"),
    [
        ("nogilcheck.cli.main", (-signal.SIGINT, b"")),
        ("nogilcheck.cli.run_check", (-signal.SIGINT, b"")),
        ("nogilcheck.jobs.check", (130, b"nogilcheck: interrupted\n")),
        ("", (-signal.SIGINT, b"")),
    ],
    ids=["first import", "a later one", "within a command", "after the end"],
)
def test_no_moment_gives_a_traceback(module: str, ending: tuple[int, bytes]) -> None:
    """Where no command has taken Ctrl-C over, its signal ends the process, which shells report as 130."""
    command = [sys.executable, "-c", AT.format(module=module), "x", "--offline", "--no-cache", "--quiet"]
    done = subprocess.run(command, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == ending


def test_nothing_is_imported_before_ctrl_c_is_dealt_with() -> None:
    code = "import sys; before = {*sys.modules}; import nogilcheck.cli.start; print(*sorted({*sys.modules} - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=unmeasured())
    assert {*done.stdout.split()} <= {"__future__", "nogilcheck", "nogilcheck.cli", "nogilcheck.cli.start"}


def test_an_interrupt_that_the_interpreter_wraps_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrapped(*_: object) -> None:
        raise RuntimeError from KeyboardInterrupt()

    monkeypatch.setattr(check, "answer", wrapped)
    outcome = run("x", "--offline", "--no-cache")
    assert (outcome.status, outcome.stderr) == (130, "nogilcheck: interrupted\n")
