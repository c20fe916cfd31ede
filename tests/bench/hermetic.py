"""How a check spends its round trips: whole processes against the fixture server, at several latencies.

``python tests/bench/hermetic.py [--latency 0 20 80] [--rounds N]``. The server is a process of its own, so that it
takes no time from the check. Every answer is late by the latency; connections cost nothing, as they are local.

For each world and kind of run the table has the median wall time in ms at each latency, the requests, the KiB of
bodies, and two counts of sequential round trips:

chain
    The longest sequence of requests of which each came after the one before it was answered: the most that can have
    waited for one another. From the server's log of (came, answered), at the longest latency, of the worst round.
    ``answered`` is taken before the first byte leaves, so that the count is never too low.
waits
    (wall at the longest latency - wall at the shortest) / their difference: how often the check really waited.

The bound is twice the depth of the graph plus three. There is none where a level of the graph has more projects than
requests may be under way at a time.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.support.grown_worlds import tree
from tests.world import Request, Universe, load, serve

RELEASES = 30
"""Of each project in a grown world: pages have some length."""

AT_A_TIME = 16
"""Requests under way at most (`nogilcheck.index.http.connections.THREADS`)."""

RUNS = {"cold": ["--no-cache"], "stale": ["--max-age", "0"], "replay": ["--max-age", "86400"]}
"""Kinds of run, with their flags. The last two have a cache, of which ``stale`` believes nothing without asking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Something to check."""

    universe: Universe
    requirement: str
    depth: int
    """Distributions on the longest of the shortest paths from the root."""
    width: int
    """Projects on the widest level."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process, and what the server saw of it."""

    seconds: float
    requests: tuple[Request, ...]


def worlds() -> dict[str, World]:
    """What is checked, by name."""
    found = {}
    for depth, branching in ((10, 1), (5, 2), (3, 4), (3, 8)):
        grown = tree(depth, branching, releases=RELEASES)
        name = f"tree of {branching}, depth {depth}" if branching > 1 else f"chain, depth {depth}"
        found[f"{name} ({len(grown.names)})"] = World(
            universe=grown.universe, requirement=grown.root, depth=grown.depth, width=len(grown.levels[-1])
        )
    found["graphs: shortcut (7)"] = World(universe=load("graphs"), requirement="shortcut", depth=5, width=2)
    return found


def chain(requests: Iterable[Request]) -> int:
    """The most requests of which each came after the one before it was answered.

    Taking what is answered first, and then what is answered first of all that came after that, gives the most.
    """
    length, end = 0, float("-inf")
    for request in sorted(requests, key=lambda request: request.answered):
        if request.began >= end:
            length, end = length + 1, request.answered
    return length


def serve_forever(universe: Universe, pipe: Connection) -> None:
    """Serve a universe, in a process of its own. A number sets the latency in ms, and the log is sent and emptied."""
    with serve(universe) as index:
        pipe.send(index.url)
        while (latency := pipe.recv()) is not None:
            index.latency = latency / 1000
            pipe.send(index.requests)
            index.forget()


def check(command: Sequence[str], latency: int, pipe: Connection, environment: dict[str, str]) -> Run:
    """Run a command to its end; one that fails for another reason than blockers ends the benchmark."""
    pipe.send(latency)
    pipe.recv()
    before = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    seconds = time.perf_counter() - before
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    pipe.send(latency)
    return Run(seconds=seconds, requests=pipe.recv())


def measure(name: str, world: World, latencies: Sequence[int], rounds: int) -> list[str]:
    """The rows of one world."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=serve_forever, args=(world.universe, theirs), daemon=True)
    server.start()
    runs: dict[str, dict[int, list[Run]]] = {kind: {latency: [] for latency in latencies} for kind in RUNS}
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment = {**own, "CI": "1", "NO_PROXY": "127.0.0.1", "PIP_CONFIG_FILE": os.devnull}
    try:
        with tempfile.TemporaryDirectory() as cache:
            asked = [*_program(), world.requirement, "--quiet", "--python", "3.14t", "--index-url", ours.recv()]
            kept = [*asked, "--cache-dir", cache]
            commands = {
                kind: [*(asked if "--no-cache" in flags else kept), *flags] for kind, flags in RUNS.items()
            }  # fmt: skip
            check(kept, 0, ours, environment)  # fills the cache, and imports everything once
            for _ in range(rounds):
                for latency in latencies:
                    for kind, command in commands.items():
                        runs[kind][latency].append(check(command, latency, ours, environment))
        ours.send(None)
        server.join()
    finally:
        server.kill()
    bound = f"{2 * world.depth + 3}" if world.width <= AT_A_TIME else f"none, {world.width} wide"
    return [f"| {name} | {kind} | {_row(runs[kind])} | {bound if kind != 'replay' else 0} |" for kind in RUNS]


def _program() -> list[str]:
    installed = shutil.which("nogilcheck", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    return [installed] if installed else [sys.executable, "-m", "nogilcheck"]


def _row(runs: dict[int, list[Run]]) -> str:
    wall = {latency: 1000 * statistics.median(run.seconds for run in some) for latency, some in runs.items()}
    shortest, longest = min(runs), max(runs)
    slow = runs[longest]
    requests = "/".join(map(str, sorted({len(run.requests) for some in runs.values() for run in some})))
    size = max(sum(request.bytes for request in run.requests) for run in slow) / 1024
    # Without latency, requests on one thread look as if they had waited for one another.
    sequential = f"{max(chain(run.requests) for run in slow)}" if longest else ""
    waits = f"{(wall[longest] - wall[shortest]) / (longest - shortest):.1f}" if longest > shortest else ""
    times = " | ".join(f"{milliseconds:.0f}" for milliseconds in wall.values())
    return f"{times} | {requests} | {size:.1f} | {sequential} | {waits}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--latency", nargs="+", type=int, default=[0, 20, 80], metavar="MS", help="default: 0 20 80")
    parser.add_argument("--rounds", type=int, default=5, help="default: 5")
    given = parser.parse_args()
    latencies = sorted(set(given.latency))
    heads = ["world", "run", *(f"ms at {ms}" for ms in latencies), "requests", "KiB", "chain", "waits", "bound"]
    print(f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for name, world in worlds().items():
        print("\n".join(measure(name, world, latencies, given.rounds)), flush=True)


if __name__ == "__main__":
    main()
