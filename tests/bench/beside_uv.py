"""What a check costs beside uv: whole processes, in turn, on a replica of an index on the loopback interface.

``make bench`` runs it. What is not recorded yet is recorded first, from the index that ``--record`` names; from then on
no index is needed. Machines are shared, so only the ratios within one table mean anything.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from tests.bench.loopback import MIRROR, PYPI
from tests.bench.processes import Cost, in_turn, run
from tests.bench.tools import HARD, STACKS, USUAL, Tools
from tests.support.grown_worlds import tree
from tests.world import Universe, serve

LARGEST = "airflow"
"""The stack of the tables that have only one."""

DEPTHS = (4, 5, 6)
BRANCHING = 5
"""Trees of 156, 781 and 3,906 distributions."""

MIRROR_LATENCY = 30
"""ms; of the table with ranges."""

RECORDINGS = 2
"""Rounds of a recording: an answer that comes late may lead to another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """The server in a process of its own, which takes no processor time from what is measured."""

    process: subprocess.Popen[str]
    base: str

    def counts(self, latency: int) -> tuple[int, int]:
        """Set the latency (ms); the requests since the last call, and those for metadata that was not recorded."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{latency}\n")
        self.process.stdin.flush()
        requests, invented = json.loads(self.process.stdout.readline())
        return requests, invented


class Bench:
    """The tables, each printed as soon as it is measured."""

    def __init__(self, tools: Tools, replica: Replica, *, rounds: int, hard_rounds: int, latencies: list[int]) -> None:
        self._tools = tools
        self._replica = replica
        self._rounds = rounds
        self._hard_rounds = hard_rounds
        self._latencies = latencies

    def cold(self) -> None:
        """Without a cache."""
        for name in USUAL:
            for latency in self._latencies:
                self._rows(name, latency, self._tools.cold(STACKS / f"{name}.txt", self._url()))

    def mirror(self) -> None:
        """Without a cache, from an index without core metadata: it is read out of the wheels."""
        commands = self._tools.cold(STACKS / f"{LARGEST}.txt", self._url(MIRROR))
        self._rows(LARGEST, MIRROR_LATENCY, commands)

    def kept(self) -> None:
        """With a cache."""
        what = STACKS / f"{LARGEST}.txt"
        for name, make in (("replay", self._tools.replay), ("stale", self._tools.stale)):
            for latency in self._latencies[:2]:
                with tempfile.TemporaryDirectory() as caches:
                    for command in self._tools.replay(what, self._url(), Path(caches)).values():
                        run(command)
                    self._rows(f"{LARGEST}, {name}", latency, make(what, self._url(), Path(caches)))

    def targets(self) -> None:
        """Sixteen targets beside one."""
        what = STACKS / f"{LARGEST}.txt"
        one = self._tools.cold(what, self._url())
        del one["uv"]
        self._rows(LARGEST, self._latencies[0], {**one, **self._tools.targets(what, self._url())}, base=next(iter(one)))

    def hard(self) -> None:
        """Without a cache; versions conflict."""
        for name in HARD:
            commands = self._tools.cold(STACKS / f"{name}.txt", self._url())
            base = "uv" if "uv" in commands else next(iter(commands))
            self._rows(name, self._latencies[0], commands, base=base, rounds=self._hard_rounds)

    def growth(self) -> None:
        """Trees of pure projects, without a cache and without latency; uv would wait for the server."""
        per_distribution: dict[str, float] = {}
        for depth in DEPTHS:
            world = tree(depth, BRANCHING)
            size = len(world.names)
            with served(world.universe) as url, tempfile.TemporaryDirectory() as work:
                what = Path(work) / "tree.txt"
                what.write_text(f"{world.root}\n", encoding="utf-8")
                costs = in_turn(self._tools.cold(what, url), self._hard_rounds)
            for name, cost in costs.items():
                each = cost.processor / size
                growth = f"{each / per_distribution.setdefault(name, each):.2f}"
                ratio = f"{cost.processor / costs['uv'].processor:.2f}"
                row(f"{size:,}", name, f"{cost.processor:.2f}", f"{cost.peak:.0f}", ratio, f"{1000 * each:.1f}", growth)

    def _url(self, shape: str = PYPI) -> str:
        return f"{self._replica.base}/{shape}/"

    def _rows(
        self,
        label: str,
        latency: int,
        commands: Mapping[str, list[str]],
        *,
        base: str = "uv",
        rounds: int | None = None,
    ) -> None:
        """Measure some commands, and print a row for each, with its ratios to that of ``base``."""
        asked: dict[str, tuple[int, int]] = {}

        def count(name: str) -> None:
            asked[name] = self._replica.counts(latency)

        self._replica.counts(latency)
        costs = in_turn(commands, rounds or self._rounds, around=count)
        for name, cost in costs.items():
            requests, invented = asked[name]
            row(
                label,
                latency,
                name,
                *cells(cost, costs[base]),
                f"{requests}" + f" ({invented} not recorded)" * bool(invented),
            )


COSTS = ("wall, s", "processor, s", "peak, MiB", "wall, ratio", "processor, ratio")
USUAL_HEADER = ("stack", "ms", "tool", *COSTS, "requests")
TABLES: dict[str, tuple[str, tuple[str, ...], Callable[[Bench], None]]] = {
    "cold": ("Cold, ratios to uv", USUAL_HEADER, Bench.cold),
    "mirror": ("Cold, from a plain mirror, ratios to uv", USUAL_HEADER, Bench.mirror),
    "kept": ("With a cache, ratios to uv", USUAL_HEADER, Bench.kept),
    "targets": ("Sixteen targets, ratios to one", USUAL_HEADER, Bench.targets),
    "growth": (
        "Growth, ratios to uv",
        ("distributions", "tool", "processor, s", "peak, MiB", "processor, ratio", "ms for each", "growth for each"),
        Bench.growth,
    ),
    "hard": ("Conflicts, ratios to uv", USUAL_HEADER, Bench.hard),
}


def cells(cost: Cost, base: Cost) -> list[str]:
    """The columns of `COSTS`."""
    ratios = cost.wall / base.wall, cost.processor / base.processor
    return [f"{cost.wall:.2f}", f"{cost.processor:.2f}", f"{cost.peak:.0f}", *(f"{ratio:.2f}" for ratio in ratios)]


def row(*values: object) -> None:
    """Print a row of a table."""
    print(f"| {' | '.join(map(str, values))} |", flush=True)


@contextmanager
def served(universe: Universe) -> Iterator[str]:
    """Serve a universe, in a process of its own; the URL."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    server = context.Process(target=_serve, args=(universe, theirs), daemon=True)
    server.start()
    try:
        yield ours.recv()
    finally:
        server.kill()
        server.join()


def _serve(universe: Universe, pipe: Connection) -> None:
    with serve(universe) as index:
        pipe.send(index.url)
        pipe.recv()


@contextmanager
def replica_of(data: Path) -> Iterator[Replica]:
    """Serve what was recorded."""
    serving = [sys.executable, "-m", "tests.bench.replica", str(data)]
    with subprocess.Popen(serving, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield Replica(process=process, base=process.stdout.readline().strip())
        finally:
            process.stdin.close()


def record(upstream: str, directory: Path, tools: Tools) -> None:
    """Run everything that will be measured against the index, through a pass-through that keeps what passes."""
    from tests.bench.loopback import serve as serve_site
    from tests.bench.recording import Recorder  # in a process of its own: a child's peak is never below its parent's

    with serve_site(Recorder(upstream, directory)) as base:
        for name in (*USUAL, *HARD):
            done = directory / f"{name}.recorded"
            if done.exists():
                continue
            what, began = STACKS / f"{name}.txt", time.monotonic()
            commands = list(tools.cold(what, f"{base}/{PYPI}/").values())
            if name == LARGEST:
                commands += tools.targets(what, f"{base}/{PYPI}/").values()
                commands += tools.cold(what, f"{base}/{MIRROR}/").values()
            for command in commands * RECORDINGS:
                run(command, failing=name in HARD)
            done.touch()
            print(f"Recorded {name} in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tables", nargs="*", default=list(TABLES), help=f"of {', '.join(TABLES)} (default: all)")
    parser.add_argument(
        "--full",
        action="store_true",
        help="7 rounds at 0, 10 and 30 ms, some 10 min (default: 3 rounds at 0 and 10 ms, some 3 min)",
    )
    parser.add_argument("--data", type=Path, default=Path(".bench-data"), help="what was recorded (%(default)s)")
    parser.add_argument("--record", default="https://pypi.org/simple/", metavar="URL", help="the index to record")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=NOGILCHECK", help="another copy")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="the interpreter for uv")
    given = parser.parse_args()
    if unknown := set(given.tables) - set(TABLES):
        parser.error(f"no such table: {', '.join(sorted(unknown))}")
    return given


def main() -> None:
    """Print tables in Markdown."""
    given = _arguments()
    own, uv = shutil.which("nogilcheck"), shutil.which("uv")
    if own is None or uv is None:
        sys.exit("nogilcheck and uv must be on PATH")
    alone = Tools(checks={"nogilcheck": own}, uv=uv, python=given.python)
    recording = multiprocessing.get_context("spawn").Process(target=record, args=(given.record, given.data, alone))
    recording.start()
    recording.join()
    if recording.exitcode:
        sys.exit("the recording failed; run this again")
    tools = Tools(
        checks={"nogilcheck": own, **dict(each.split("=", 1) for each in given.beside)}, uv=uv, python=given.python
    )
    rounds, hard_rounds, latencies = (7, 3, [0, 10, 30]) if given.full else (3, 1, [0, 10])
    began = time.monotonic()
    print(
        f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}, medians of {rounds} rounds ({hard_rounds} for growth and conflicts)"
    )
    with replica_of(given.data) as replica:
        bench = Bench(tools, replica, rounds=rounds, hard_rounds=hard_rounds, latencies=latencies)
        for name in given.tables:
            title, header, measure = TABLES[name]
            print(f"\n### {title}\n")
            row(*header)
            print(f"|{'---|' * len(header)}")
            measure(bench)
    print(f"\nMeasured in {(time.monotonic() - began) / 60:.1f} min")


if __name__ == "__main__":
    main()
