"""How long a check takes beside uv: whole processes, in turn, on a replica of an index on the loopback interface.

``make bench`` runs it. Where nothing was recorded so far, that is done first, from the index that ``--record`` names;
from then on no index is needed. uv resolves for one ordinary build, wheels only, and judges nothing; it is told which
Python to use, since it would look for one, and download it, otherwise. Machines are shared: the ratio of the processor
seconds of one run is what counts.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.loopback import serve
from tests.world.server import AUTHORITY

STACKS = {
    "small": ("httpx[http2]", "pydantic", "rich", "typer"),
    "django": (
        "django", "djangorestframework", "celery[redis]", "psycopg[binary]", "gunicorn", "whitenoise[brotli]", "pillow",
        "django-allauth[socialaccount]", "django-storages[s3]", "sentry-sdk[django]", "django-debug-toolbar",
        "drf-spectacular", "django-filter", "django-redis", "pytest-django",
    ),
    "airflow": ("apache-airflow", "apache-airflow-providers-postgres", "apache-airflow-providers-http"),
}  # fmt: skip

ONE = ("--python", "3.14t", "--platform", "linux-x86_64")
ALL = ("--python", "3.14t,3.15t", "--platform", "all")
RECORDINGS = 2
"""Rounds of a recording: an answer that comes late may lead to another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process."""

    wall: float
    processor: float
    """Seconds, of the user and of the system."""
    peak: float
    """MiB of resident memory at the most."""
    output: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end; one that fails for another reason than blockers ends the benchmark."""
    before = time.perf_counter()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment, errors="replace"
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - before
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}: {output}")
    return Run(wall=wall, processor=used.ru_utime + used.ru_stime, peak=used.ru_maxrss / 1024, output=output)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What is measured."""

    check: dict[str, str]
    """Copies of nogilcheck, by name."""
    uv: str
    python: str
    """An interpreter that uv is told to use."""

    def commands(self, stack: Path, caches: Path, url: str) -> dict[str, list[str]]:
        """What is compared, by name, in the order of each round."""
        found: dict[str, list[str]] = {}
        for name, tool in self.check.items():
            check = [tool, str(stack), "--quiet", "--index-url", url]
            kept = [*check, *ONE, "--cache-dir", str(caches / name)]
            found |= {
                f"{name}, cold": [*check, *ONE, "--no-cache"],
                f"{name}, fresh": [*kept, "--max-age", "86400"],
                f"{name}, stale": [*kept, "--max-age", "0"],
                f"{name}, 16 targets": [*check, *ALL, "--no-cache"],
            }
        resolve = [
            self.uv,
            "pip",
            "compile",
            "--quiet",
            "--no-config",
            "--no-python-downloads",
            "--python",
            self.python,
        ]
        resolve += ["--python-version", "3.14", "--only-binary", ":all:", "--index-url", url, str(stack)]
        kept = [*resolve, "--cache-dir", str(caches / "uv")]
        return {**found, "uv, cold": [*resolve, "--no-cache"], "uv, fresh": kept, "uv, stale": [*kept, "--refresh"]}


def surroundings() -> dict[str, str]:
    """The environment of every process: no settings of the user's, and the authority of the replica."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PIP_", "UV_")) and not name.lower().endswith(("_ca_bundle", "_proxy"))
    }
    own.pop("SSL_CERT_DIR", None)
    return {**own, "CI": "1", "PIP_CONFIG_FILE": os.devnull, "SSL_CERT_FILE": str(AUTHORITY)}


def record(upstream: str, directory: Path, tools: Tools) -> None:
    """Run everything against the index, through a pass-through that keeps what passes."""
    from tests.bench.recording import Recorder  # in a process of its own: a child's peak is never below its parent's

    with serve(Recorder(upstream, directory)) as url, tempfile.TemporaryDirectory() as work:
        for _ in range(RECORDINGS):
            for name in STACKS:
                for label, command in tools.commands(written(name, Path(work)), Path(work), f"{url}/simple/").items():
                    if label.endswith((", cold", ", 16 targets")):
                        run(command, surroundings())


def written(name: str, directory: Path) -> Path:
    """The requirements of a stack, as a file."""
    stack = directory / f"{name}.txt"
    stack.write_text("\n".join(STACKS[name]) + "\n", encoding="utf-8")
    return stack


def measure(name: str, latency: int, rounds: int, tools: Tools, replica: subprocess.Popen[str], url: str) -> list[str]:
    """The rows of one stack."""
    with tempfile.TemporaryDirectory() as directory:
        work = Path(directory)
        commands = tools.commands(written(name, work), work, f"{url}/simple/")
        environment = surroundings()
        for label, command in commands.items():
            if label.endswith(", fresh"):
                run(command, environment)  # fills the cache
        runs: dict[str, list[Run]] = {label: [] for label in commands}
        asked: dict[str, tuple[int, int]] = {}
        for _ in range(rounds):
            for label, command in commands.items():
                counts(replica, latency)
                runs[label].append(run(command, environment))
                asked[label] = counts(replica, latency)
    rows = []
    for label, some in runs.items():
        wall, processor, peak = (
            statistics.median(values)
            for values in zip(*((one.wall, one.processor, one.peak) for one in some), strict=True)
        )
        theirs = runs.get(f"uv, {label.rpartition(', ')[2]}", runs["uv, cold"])
        to_uv = processor / statistics.median(one.processor for one in theirs)
        requests, invented = asked[label]
        note = f" ({invented} not recorded)" if invented else ""
        cells = (
            name,
            label,
            latency,
            f"{wall:.2f}",
            f"{processor:.2f}",
            f"{to_uv:.2f}",
            f"{peak:.0f}",
            f"{requests}{note}",
        )
        rows.append(f"| {' | '.join(map(str, cells))} |")
    return rows


def counts(replica: subprocess.Popen[str], latency: int) -> tuple[int, int]:
    """Set the latency; the requests since the last call, and those for metadata that were not recorded."""
    assert replica.stdin is not None
    assert replica.stdout is not None
    replica.stdin.write(f"{latency}\n")
    replica.stdin.flush()
    requests, invented = json.loads(replica.stdout.readline())
    return requests, invented


HEADER = ("stack", "run", "ms", "wall, s", "processor, s", "to uv's", "peak, MiB", "requests")


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stacks", nargs="*", default=list(STACKS), help=f"of {', '.join(STACKS)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--latency", type=int, nargs="+", default=[0, 30], metavar="MS", help="default: 0 30")
    parser.add_argument(
        "--data", type=Path, default=Path(".bench-data"), help="what was recorded (default: %(default)s)"
    )
    parser.add_argument("--record", default="https://pypi.org/simple/", metavar="URL", help="the index to record")
    parser.add_argument("--beside", action="append", default=[], metavar="NAME=NOGILCHECK", help="another copy")
    parser.add_argument("--python", default=sys.executable, help="the interpreter for uv, 3.14 if possible")
    given = parser.parse_args()
    own, uv = shutil.which("nogilcheck"), shutil.which("uv")
    if own is None or uv is None:
        sys.exit("nogilcheck and uv must be on PATH")
    others = dict(each.split("=", 1) for each in given.beside)
    if not given.data.exists():
        alone = Tools(check={"nogilcheck": own}, uv=uv, python=given.python)
        recording = multiprocessing.get_context("spawn").Process(target=record, args=(given.record, given.data, alone))
        recording.start()
        recording.join()
        if recording.exitcode:
            sys.exit(f"the recording failed; remove {given.data}")
    tools = Tools(check={"nogilcheck": own, **others}, uv=uv, python=given.python)
    print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}")
    serving = [sys.executable, "-m", "tests.bench.replica", str(given.data)]
    with subprocess.Popen(serving, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as replica:
        assert replica.stdout is not None
        url = replica.stdout.readline().strip()
        for name in given.stacks:
            for latency in given.latency:
                print("\n".join(measure(name, latency, given.rounds, tools, replica, url)), flush=True)
        assert replica.stdin is not None
        replica.stdin.close()


if __name__ == "__main__":
    main()
