"""How long a check takes on the real index, beside uv: whole processes, in turn, medians and ratios.

``make bench`` runs it. uv resolves for one ordinary build, wheels only, and judges nothing. Machines and networks are
noisy: only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STACKS = {
    "small": ("httpx[http2]", "pydantic", "rich", "typer"),
    "django": (
        "django", "djangorestframework", "celery[redis]", "psycopg[binary]", "gunicorn", "whitenoise[brotli]", "pillow",
        "django-allauth[socialaccount]", "django-storages[s3]", "sentry-sdk[django]", "django-debug-toolbar",
        "drf-spectacular", "django-filter", "django-redis", "pytest-django",
    ),
    "airflow": ("apache-airflow", "apache-airflow-providers-postgres", "apache-airflow-providers-http"),
}  # fmt: skip
ROUNDS = 7

ONE = ("--python", "3.14t", "--platform", "linux-x86_64")
TWO = ("--python", "3.14t,3.15t", "--platform", "linux-x86_64")
ALL = ("--python", "3.14t,3.15t", "--platform", "all")

COUNTED = """
import json, sys
from nogilcheck.cli.main import main
from nogilcheck.index.http.retrying_transport import Transport
opened, init = [], Transport.__init__
def remember(self, **options):
    opened.append(self)
    init(self, **options)
Transport.__init__ = remember
try:
    main(sys.argv[1:])
except SystemExit:
    print(json.dumps([sum(one.requests for one in opened), sum(one.bytes for one in opened)]), file=sys.stderr)
"""
"""A check that says at its end how many requests it made and how many bytes it got."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process."""

    seconds: float
    peak: int
    """KiB of resident memory at the most."""
    errors: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Run a command to its end; one that fails for another reason than blockers ends the benchmark."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    errors = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}: {errors}")
    assert isinstance(usage, resource.struct_rusage)
    return Run(seconds=time.perf_counter() - before, peak=usage.ru_maxrss, errors=errors)


def commands(tool: str, stack: Path, cache: Path, *, beside_uv: bool) -> dict[str, list[str]]:
    """What is compared, by name, in the order of each round."""
    check = [tool, str(stack), "--quiet"]
    kept = [*check, *ONE, "--cache-dir", str(cache)]
    found = {
        "cold": [*check, *ONE, "--no-cache"],
        "fresh": [*kept, "--max-age", "86400"],
        "stale": [*kept, "--max-age", "0"],
        "two": [*check, *TWO, "--no-cache"],
        "all": [*check, *ALL, "--no-cache"],
    }
    if beside_uv and (uv := shutil.which("uv")):
        resolve = [uv, "pip", "compile", "--quiet", "--only-binary", ":all:", "--python-version", "3.14", str(stack)]
        found["uv"] = [*resolve, "--no-cache"]
    return found


def measure(tool: str, name: str, requirements: Sequence[str], rounds: int, *, beside_uv: bool) -> str:
    """One row of the table."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    environment |= {"CI": "1", "PIP_CONFIG_FILE": os.devnull}  # uv does not read pip's configuration
    with tempfile.TemporaryDirectory() as directory:
        stack = Path(directory) / "requirements.txt"
        stack.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        asked = commands(tool, stack, Path(directory) / "cache", beside_uv=beside_uv)
        run(asked["fresh"], environment)  # fills the cache, and imports everything once
        runs: dict[str, list[Run]] = {label: [] for label in asked}
        for _ in range(rounds):
            for label, command in asked.items():
                runs[label].append(run(command, environment))
        python = str(Path(tool).with_name("python"))
        counts = run([python, "-c", COUNTED, *asked["cold"][1:]], environment).errors
    requests, received = json.loads(counts.splitlines()[-1])
    median = {label: statistics.median(one.seconds for one in all_) for label, all_ in runs.items()}
    peak = {label: max(one.peak for one in all_) // 1024 for label, all_ in runs.items()}
    to_uv = (f"{median['uv']:.2f}", f"{median['cold'] / median['uv']:.2f}") if "uv" in median else ("", "")
    cells = [
        name,
        f"{median['cold']:.2f}",
        *to_uv,
        f"{median['fresh']:.3f}",
        f"{median['stale'] / median['cold']:.2f}",
        f"{peak['cold']}",
        f"{median['two'] / median['cold'] - 1:+.0%}",
        f"{median['all']:.2f}",
        f"{peak['all']}",
        f"{requests}",
        f"{received / 1e6:.1f}",
    ]
    return f"| {' | '.join(cells)} |"


HEADER = (
    "stack", "cold, s", "uv cold, s", "cold / uv", "fresh cache, s", "stale / cold", "peak, MiB",
    "second target", "16 targets, s", "peak, MiB", "requests", "MB",
)  # fmt: skip


def main() -> None:
    """Print a table for each tool."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stacks", nargs="*", default=list(STACKS), help=f"of {', '.join(STACKS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--fast", metavar="NOGILCHECK", help="one with the extra fast, measured as well")
    given = parser.parse_args()
    tools = {"default install": shutil.which("nogilcheck"), "with the extra fast": given.fast}
    for label, tool in tools.items():
        if tool is None:
            continue
        print(f"\n{label}: {given.rounds} rounds, medians; 3.14t on linux-x86_64\n")
        print(f"| {' | '.join(HEADER)} |\n|{'---|' * len(HEADER)}")
        for name in given.stacks:
            row = measure(tool, name, STACKS[name], given.rounds, beside_uv=tool != given.fast)
            print(row, flush=True)


if __name__ == "__main__":
    main()
