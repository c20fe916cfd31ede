"""Run whole processes, in turn, and take the medians of what they cost."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.world.server import AUTHORITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took, or the medians of several."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds, of the user and of the system."""
    peak: float
    """MiB of resident memory at most."""


def surroundings() -> dict[str, str]:
    """The environment of every process: none of the user's settings, and the authority of the replica.

    Modules are compiled once and kept, as they are wherever nogilcheck is installed.
    """
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "UV_")) and not name.lower().endswith(("_ca_bundle", "_proxy"))
    }
    for name in ("SSL_CERT_DIR", "PYTHONDONTWRITEBYTECODE"):
        own.pop(name, None)
    return {**own, "CI": "1", "PIP_CONFIG_FILE": os.devnull, "SSL_CERT_FILE": str(AUTHORITY)}


def run(command: Sequence[str], *, failing: bool = False) -> Cost:
    """Run a command to its end. One that has no answer ends the benchmark, unless ``failing`` says that it may."""
    before = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=surroundings(), errors="replace"
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if (process.returncode not in (0, 1) or output.startswith("error")) and not failing:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}: {output}")
    return Cost(wall=wall, processor=used.ru_utime + used.ru_stime, peak=used.ru_maxrss / 1024)


def in_turn(
    commands: Mapping[str, Sequence[str]],
    rounds: int,
    *,
    around: Callable[[str], None] = lambda _: None,
) -> dict[str, Cost]:
    """The medians of each command, run one after the other in each round. ``around`` is called after each run."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            costs[name].append(run(command))
            around(name)
    return {
        name: Cost(**{what: statistics.median(getattr(one, what) for one in some) for what in Cost.__slots__})
        for name, some in costs.items()
    }
