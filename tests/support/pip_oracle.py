"""Programs that ask the pip of this interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

OLDEST_PIP = 26


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
