"""What a survey costs: synthetic projects over a synthetic index on the loopback interface, whole processes.

``python -m tests.bench.survey`` prints one table: a survey without a cache, one of a quarter of the projects (memory),
one of other projects over pages that are known, the same again (replays), and one that is killed midway and resumed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.beside_uv import row, served
from tests.bench.processes import Cost, run, surroundings
from tests.world import Universe, parse

DISTRIBUTIONS, PROJECTS = 2000, 1000
REQUIRED, ASKED = 2, 8
"""Requirements of a distribution at most, and of a project: 45 distributions in the mean."""
GIL_ONLY = 25
"""Of so many distributions one has no free-threaded wheel."""


def universe(chance: random.Random) -> Universe:
    """Distributions that require later ones, nearer ones rather than far ones."""
    lines = []
    for number in range(DISTRIBUTIONS):
        later = {number + int(chance.expovariate(1 / 200)) + 1 for _ in range(chance.randint(0, REQUIRED))}
        requires = ", ".join(f'"d{one}"' for one in sorted(later) if one < DISTRIBUTIONS)
        wheels = ', wheels = ["cp314-cp314-manylinux_2_28_x86_64"]' if number % GIL_ONLY == 0 else ""
        lines += [f"[projects.d{number}]", f'"1.0" = {{ requires = [{requires}]{wheels} }}']
    return parse("\n".join(lines))


def write_projects(below: Path, chance: random.Random, number: int) -> None:
    """Directories with a requirements file each."""
    for project in range(number):
        directory = below / f"team{project % 20}" / f"service{project}"
        directory.mkdir(parents=True)
        asked = chance.sample(range(DISTRIBUTIONS), ASKED)
        (directory / "requirements.txt").write_text("".join(f"d{one}\n" for one in asked), encoding="utf-8")


def results(into: Path) -> list[str]:
    """The projects that have a whole line."""
    lines = (into / "survey.jsonl").read_text(encoding="ascii").splitlines(keepends=True)[1:]
    return [json.loads(line)["project"] for line in lines if line.endswith("\n")]


def killed_midway(command: list[str], into: Path) -> list[str]:
    """Start a survey, kill all its processes when half of it is done, and give the projects that it had done."""
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings(), start_new_session=True
    ) as process:
        while not (into / "survey.jsonl").exists() or len(results(into)) < PROJECTS / 2:
            time.sleep(0.2)
        os.killpg(process.pid, signal.SIGKILL)
    return results(into)


def main() -> None:
    """Print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="processes of a survey (%(default)s)")
    given = parser.parse_args()
    chance = random.Random(20261130)
    print(
        f"{time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}; {PROJECTS:,} projects, {DISTRIBUTIONS:,} distributions"
    )
    with served(universe(chance)) as url, tempfile.TemporaryDirectory() as work:
        here = Path(work)
        for name, number in (("first", PROJECTS), ("quarter", PROJECTS // 4), ("second", PROJECTS)):
            write_projects(here / name, chance, number)

        def command(what: str, into: str, *options: str) -> list[str]:
            usual = ("--quiet", "--jobs", str(given.jobs), "--cache-dir", str(here / "cache"), "--python", "3.14t")
            asked = ("--index-url", url, "--into", str(here / into), *usual, *options)
            return [
                sys.executable,
                "-m",
                "nogilcheck",
                "survey",
                str(here / what),
                *asked,
                "-o",
                str(here / "page.html"),
            ]

        def told(label: str, projects: int, cost: Cost) -> None:
            each = cost.processor / projects
            row(
                label,
                f"{projects:,}",
                *(f"{one:.1f}" for one in (cost.wall, cost.processor)),
                f"{each:.3f}",
                f"{cost.peak:.0f}",
            )

        row("survey", "projects", "wall, s", "processor, s", "processor for each, s", "peak of a process, MiB")
        print(f"|{'---|' * 6}")
        told("pages unknown", PROJECTS // 4, run(command("quarter", "a")))
        told("pages known", PROJECTS, run(command("first", "b")))
        told("unchanged", PROJECTS, run(command("first", "c")))
        done = killed_midway(command("second", "d"), here / "d")
        rest = PROJECTS - len(done)
        told("resumed after SIGKILL", rest, run(command("second", "d", "--resume")))
        after = results(here / "d")
        lost, twice = PROJECTS - len(set(after)), len(after) - len(set(after))
        again = len(done) - len(set(after[: len(done)]) & set(done))
        print(f"\nkilled after {len(done)}; afterwards {lost} lost, {twice} there twice, {again} done again")


if __name__ == "__main__":
    main()
