"""How long a check takes on the real index, beside uv: whole processes, in turn, medians and ratios.

``make bench`` runs it. uv resolves for one ordinary build, wheels only, and judges nothing. Machines and networks are
noisy: only the ratios of one run mean anything.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One process."""

    seconds: float
    peak: int
    """KiB of resident memory at the most."""


def run(command: Sequence[str], environment: dict[str, str]) -> Run:
    """Run a command to its end; one that fails for another reason than blockers ends the benchmark."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment)
    assert process.stderr is not None
    errors = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    if code not in (0, 1):
        sys.exit(f"{' '.join(command)} ended with {code}: {errors.decode(errors='replace')}")
    assert isinstance(usage, resource.struct_rusage)
    return Run(seconds=time.perf_counter() - before, peak=usage.ru_maxrss)


def commands(stack: Path, cache: Path, targets: Sequence[str]) -> dict[str, list[str]]:
    """What is compared, by name, in the order of each round."""
    check = [shutil.which("nogilcheck") or "nogilcheck", str(stack), "--quiet", *targets]
    found = {"cold": [*check, "--no-cache"], "replay": [*check, "--cache-dir", str(cache), "--max-age", "86400"]}
    if uv := shutil.which("uv"):
        resolve = [uv, "pip", "compile", "--quiet", "--only-binary", ":all:", "--python-version", "3.14", str(stack)]
        found["uv cold"] = [*resolve, "--no-cache"]
    return found


def measure(name: str, requirements: Sequence[str], rounds: int, targets: Sequence[str]) -> str:
    """One row of the table."""
    environment = {**os.environ, "CI": "1"}
    with tempfile.TemporaryDirectory() as directory:
        stack = Path(directory) / "requirements.txt"
        stack.write_text("\n".join(requirements) + "\n", encoding="utf-8")
        asked = commands(stack, Path(directory) / "cache", targets)
        run(asked["replay"], environment)  # fills the cache, and imports everything once
        runs: dict[str, list[Run]] = {label: [] for label in asked}
        for _ in range(rounds):
            for label, command in asked.items():
                runs[label].append(run(command, environment))
    median = {label: statistics.median(one.seconds for one in all_) for label, all_ in runs.items()}
    ratio = f"{median['cold'] / median['uv cold']:.2f}" if "uv cold" in median else "no uv"
    uv = f"{median['uv cold']:.2f}" if "uv cold" in median else ""
    peak = max(one.peak for one in runs["cold"]) // 1024
    return f"| {name} | {median['cold']:.2f} | {uv} | {ratio} | {median['replay']:.2f} | {peak} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stacks", nargs="*", default=list(STACKS), help=f"of {', '.join(STACKS)}")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--python", default="3.14t")
    parser.add_argument("--platform", default="linux-x86_64")
    given = parser.parse_args()
    targets = ["--python", given.python, "--platform", given.platform]
    print(f"{given.python} on {given.platform}, {given.rounds} rounds, medians, seconds")
    print("| stack | cold | uv cold | ratio | replay | peak MiB |\n|---|---|---|---|---|---|")
    for name in given.stacks:
        print(measure(name, STACKS[name], given.rounds, targets), flush=True)


if __name__ == "__main__":
    main()
