"""Programs that ask the pip of this interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import VARIABLES

OLDEST_PIP = 26

INSTALL = Path(__file__).parents[1] / "differential" / "pip_resolution_oracle.py"
"""The program that answers questions made by `installation`."""
WHEELS = INSTALL.with_name("pip_wheels_oracle.py")
"""The program that says which wheel pip takes for each of many pins on many builds (see `cross`)."""


def require_pip() -> None:
    """Skip the test where this interpreter has no pip, or one that is too old to be an oracle."""
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    version = found.stdout.split()[1] if found.returncode == 0 else ""
    if not version or int(version.partition(".")[0]) < OLDEST_PIP:
        pytest.skip(f"needs pip {OLDEST_PIP} or newer in this interpreter, found {version or 'none'}")


def ask_pip(program: Path, question: object) -> Any:
    """Run a program with a JSON question on its stdin; returns the JSON answer from its stdout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    found = subprocess.run(
        [sys.executable, str(program)],
        input=json.dumps(question),
        capture_output=True,
        text=True,
        check=True,
        env=environment | {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "*"},
    )
    return json.loads(found.stdout)


def cross(build: Target) -> dict[str, object]:
    """What pip must be told of a build other than its own."""
    platforms = dict.fromkeys(tag.split("-")[2] for tag in build.tags if not tag.endswith("-any"))
    return {
        "python": build.environment["python_full_version"],
        "abi": f"cp{build.python[0]}{build.python[1]}{'t' if build.free_threaded else ''}",
        "platforms": list(platforms),
        "environment": {name: build.environment.get(name, "") for name in VARIABLES},
    }


def installation(build: Target, index: str, arguments: Iterable[str]) -> dict[str, object]:
    """A question for `INSTALL`: what pip would install for these arguments, wheels only, on a build."""
    return {**cross(build), "index": index, "arguments": list(arguments)}
