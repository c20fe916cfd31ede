"""``python -m tests.fuzz [TARGET]...``: throw bytes at the readers, for some seconds each (`make fuzz`).

With atheris where it is installed, which learns from the branches that are taken; else with hypothesis. Inputs worth
keeping, and those that broke something, stay in ``.hypothesis/fuzz``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

KEPT = Path(".hypothesis", "fuzz").absolute()
LONGEST = 64 * 1024
"""Bytes of one input."""
INPUT_SECONDS = 20
"""For one input; a slower one is a defect."""
MEMORY = 2048
"""MiB, likewise."""
INSTRUMENTED = ["nogilcheck", "packaging", "html", "_markupbase", "zipfile", "tarfile", "tomllib"]


def main() -> int:
    """Fuzz one target after the other, each in a process of its own; 1 when one of them broke."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="Throw bytes at the readers.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="default: all")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        fuzz(options.targets[0], options.seconds)
        return 0
    if find_spec("atheris") is None:
        version = ".".join(map(str, sys.version_info[:2]))
        print(f"atheris is not installed (it may have no wheel for Python {version}): hypothesis makes the bytes")
    from tests.fuzz.targets import TARGETS

    unknown = set(options.targets) - set(TARGETS)
    if unknown:
        parser.error(f"no target is called {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    broken = []
    for name in options.targets or TARGETS:
        print(f"== {name}, {options.seconds} s", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", "--here", "--seconds", str(options.seconds), name]
        if subprocess.run(command, check=False).returncode:
            broken.append(name)
    print(f"broken: {', '.join(broken)}" if broken else "nothing broke")
    return 1 if broken else 0


def fuzz(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which ends with it."""
    atheris: Any = import_module("atheris") if find_spec("atheris") is not None else None
    with atheris.instrument_imports(include=INSTRUMENTED) if atheris else nullcontext():
        targets = import_module("tests.fuzz.targets")
    with elsewhere():
        if atheris is None:
            with_hypothesis(targets.TARGETS[name], targets.SEEDS[name], seconds)
            return
        corpus = KEPT / name
        corpus.mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(targets.SEEDS[name]):
            (corpus / f"seed-{number}").write_bytes(seed)
        limits = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-timeout={INPUT_SECONDS}"]
        limits += [f"-rss_limit_mb={MEMORY}", "-print_final_stats=1", "-verbosity=0", "-close_fd_mask=0"]
        atheris.Setup([name, *limits, f"-artifact_prefix={KEPT}/{name}-broke-", str(corpus)], targets.TARGETS[name])
        atheris.Fuzz()


@contextmanager
def elsewhere() -> Iterator[None]:
    """An empty working directory: lines may name files."""
    import os

    before = Path.cwd()
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        try:
            yield
        finally:
            os.chdir(before)


def with_hypothesis(target: Any, seeds: tuple[bytes, ...], seconds: int) -> None:
    """Any bytes, and the seeds with bytes replaced, inserted and removed."""
    from hypothesis import HealthCheck, given, seed, settings
    from hypothesis import strategies as st

    @st.composite
    def changed(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from(seeds))
        for _ in range(draw(st.integers(1, 6))):
            at = draw(st.integers(0, len(data)))
            data = data[:at] + draw(st.binary(max_size=20)) + data[at + draw(st.integers(0, 20)) :]
        return data

    count = 0
    end = time.monotonic() + seconds
    for number in range(sys.maxsize):

        @seed(number)
        @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(st.binary(max_size=2000) | changed())
        def run(data: bytes) -> None:
            nonlocal count
            count += 1
            target(data)

        run()
        if time.monotonic() > end:
            break
    print(f"{count} inputs")


if __name__ == "__main__":
    sys.exit(main())
