"""How the program ends when the machine is at fault."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nogilcheck.jobs import check
from tests.support.command import run, unmeasured

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({kib} * 1024, {kib} * 1024))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
from nogilcheck.cli.start import main
main()
"""


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("can't start new thread")])
def test_too_little_memory_is_no_defect(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(check, "answer", fail)
    with pytest.raises(MemoryError):
        run("x", "--offline", "--no-cache")


@pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_AS")
def test_a_memory_limit_ends_in_a_message() -> None:
    """``ulimit -v``, from what a bare interpreter has on: modules cannot be read, nor libraries be mapped.

    With some more, threads are started, and the C library itself may abort where one of them ends. CPython gives up by
    a signal where it has no memory to raise the error with: about two sizes of a thousand.
    """
    bare = "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmPeak')))"
    has = int(subprocess.run([sys.executable, "-c", bare], capture_output=True, env=unmeasured(), check=True).stdout)
    arguments = ["six", "--no-cache", "--python", "3.14t", "--index-url", "http://127.0.0.1:9/simple/"]
    killed = 0
    for more in range(1_500, 8_000, 900):
        command = [sys.executable, "-c", LIMITED.format(kib=has + more), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=unmeasured())
        if done.returncode < 0:
            killed += 1
            continue
        assert done.returncode == 2, (more, done.stderr)
        assert "out of memory" in done.stderr, more
        assert len(done.stderr.splitlines()) <= 2, (more, done.stderr)
    assert killed <= 1
