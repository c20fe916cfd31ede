"""Pages of the documentation whose commands are run: what they show is what the commands print.

A fence ``console`` is a session: lines that begin with ``$`` are run, in one directory for the whole page, and what
stands below each is replaced by its output. A fence whose first line is a comment with a file name (``# app/setup.py``)
writes that file. Both may stand in any order. ``<!-- not run: why -->`` before a fence leaves it alone, and so does
``<!-- commands only -->``: of such a fence, as of those of all other pages, only the commands are run
(``tests/integration/test_documented_commands.py``). The index is the recorded one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.layout import ROOT
from tests.support import stacks
from tests.support.terminal_picture import terminal_picture
from tests.world import parse, serve

PAGES = (
    "README.md",
    "docs/tutorial/first-check.md",
    "docs/how-to/read-a-plan.md",
    "docs/how-to/monorepo.md",
    "docs/how-to/offline.md",
    "docs/reference/configuration.md",
    "docs/how-to/survey.md",
)
"""Those of which what they show is compared."""

PICTURES = {
    "docs/images/check.svg": ("README.md", "nogilcheck requirements.txt --python 3.14t"),
    "docs/images/plan.svg": ("docs/tutorial/first-check.md", "nogilcheck plan requirements.txt --python 3.14t"),
}
"""Path -> the page that has the command, and the command."""

INDEX = "https://index.example/simple/"
"""Stands for the recorded index, which has another port each time."""

_FENCE = re.compile(
    r"(?P<skip><!-- (?:not run: |commands only)[^\n]*-->\n)?```(?P<kind>\w+)\n(?P<body>.*?)```\n", re.DOTALL
)
_FILE = re.compile(r"# (?P<name>[\w./-]+\.(?:txt|toml|yml))\n")
_COMMAND = re.compile(r"^\$ (?P<command>.*)$", re.MULTILINE)


def documented(page: str) -> str:
    """The page with what its commands print today."""
    text = (ROOT / page).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as place, surroundings(place) as environment:
        here = Path(place, "project")
        here.mkdir()

        def replaced(match: re.Match[str]) -> str:
            if match["skip"]:
                return match[0]
            if match["kind"] == "console":
                return f"```console\n{_session(match['body'], here, environment)}```\n"
            _write(match["body"], here)
            return match[0]

        return _FENCE.sub(replaced, text)


def picture(page: str, command: str) -> str:
    """What a command of the page prints in a terminal with colours, as SVG."""
    text = (ROOT / page).read_text(encoding="utf-8")
    before, found, _ = text.partition(f"$ {command}\n")
    assert found, f"{page} has no such command: {command}"
    with tempfile.TemporaryDirectory() as place, surroundings(place) as environment:
        for match in _FENCE.finditer(before.rpartition("```console\n")[0]):
            _write(match["body"], Path(place))
        printed = _shown(f"{command} --color", Path(place), environment)
    return terminal_picture(command, printed.replace(" --color\n", "\n", 1))


def _write(body: str, here: Path) -> None:
    """Write the file that a fence holds, if it holds one."""
    if named := _FILE.match(body):
        file = here / named["name"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(body[named.end() :], encoding="utf-8")


def commands(page: str) -> Iterator[str]:
    """The commands of the page of which the output is not compared, each without its comment."""
    for match in _FENCE.finditer((ROOT / page).read_text(encoding="utf-8")):
        compared = page in PAGES and not match["skip"]
        if match["kind"] not in {"console", "sh"} or compared or (match["skip"] or "").startswith("<!-- not run"):
            continue
        for line in match["body"].splitlines():
            if match["kind"] == "sh" or line.startswith("$ "):
                yield re.sub(r"\s+#.*", "", line.removeprefix("$ "))


def _session(body: str, here: Path, environment: dict[str, str]) -> str:
    return "".join(_shown(match["command"], here, environment) for match in _COMMAND.finditer(body))


def _shown(command: str, here: Path, environment: dict[str, str]) -> str:
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=here,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stdout, done.stdout
    output = done.stdout.replace(environment["PIP_INDEX_URL"], INDEX)
    return f"$ {command}\n{output}{'' if not output or output.endswith(chr(10)) else chr(10)}"


@contextmanager
def surroundings(place: str) -> Iterator[dict[str, str]]:
    """A user with nothing but Python, the recorded index, and ``nogilcheck`` on the path."""
    scripts = Path(place, "bin")
    scripts.mkdir()
    script = scripts / "nogilcheck"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nogilcheck "$@"\n', encoding="utf-8")
    script.chmod(0o755)
    universe = parse(stacks.PAGES.read_text(encoding="utf-8"))
    with serve(universe) as index:
        yield {
            "HOME": place,
            "PATH": os.pathsep.join([str(scripts), *(str(Path(found).parent) for found in _tools())]),
            "PYTHONPATH": str(ROOT),
            "PIP_INDEX_URL": index.url,
            "PIP_CONFIG_FILE": os.devnull,
            "UV_NO_CONFIG": "1",
        }


def _tools() -> Iterator[str]:
    return filter(None, map(shutil.which, ("sh", "cat", "patch")))
