"""Every command that the documentation names is accepted: it is run, in a directory that has what it names."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.layout import ROOT
from tests.support.documented import commands, surroundings
from tests.support.wheels import install, write_wheel

pytestmark = pytest.mark.tools

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    *(str(page.relative_to(ROOT)) for page in sorted((ROOT / "docs").rglob("*.md"))),
]

FILES = {
    "requirements.txt": "django\npsycopg[binary]\ngrpcio\n",
    "requirements-ci.txt": "whitenoise\n",
    "service/pyproject.toml": '[project]\nname = "service"\nversion = "1"\ndependencies = ["django"]\n',
    "pyproject.toml": '[project]\nname = "app"\nversion = "1"\ndependencies = ["django"]\n'
    '[project.optional-dependencies]\nfast = ["whitenoise"]\n',
    "services/web/requirements.txt": "django\n",
    "src/app.py": "cache = {}\n",
    "uv.lock": """version = 1
requires-python = ">=3.14"
[[package]]
name = "app"
version = "1"
source = { virtual = "." }
[package.optional-dependencies]
fast = [{ name = "whitenoise" }]
[[package]]
name = "whitenoise"
version = "6.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.example/whitenoise-6.0-py3-none-any.whl", hash = "sha256:00", size = 1 }]
""",
    ".venv/pyvenv.cfg": "version = 3.14.0\n",
}
STAND_INS = {"pip": "echo django", "dot": "cat"}
"""Programs of others, and what they do here."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """A directory with everything that the pages name, and the environment of a user."""
    project = tmp_path / "project"
    for name, text in FILES.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text, encoding="utf-8")
    site = project / ".venv" / "lib" / "python3.14" / "site-packages"
    site.mkdir(parents=True)
    install(write_wheel(project / "dist", "py3-none-any"), site)
    with surroundings(str(tmp_path)) as environment:
        for name, does in STAND_INS.items():
            script = tmp_path / "bin" / name
            script.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
            script.chmod(0o755)
        own = project / ".nogilcheck" / "bin"
        own.mkdir(parents=True)
        (own / "nogilcheck").symlink_to(tmp_path / "bin" / "nogilcheck")
        for report in ("report", "yesterday", "today", "nogilcheck"):
            command = ["nogilcheck", "requirements.txt", "--quiet", "-o", f"{report}.json"]
            subprocess.run(command, cwd=project, env=environment, check=False)
        yield project, environment


@pytest.mark.parametrize("page", [page for page in PAGES if any(commands(page))])
def test_the_commands_of_a_page_are_accepted(page: str, here: tuple[Path, dict[str, str]]) -> None:
    project, environment = here
    for command in commands(page):
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=project, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1, 3}, (command, done.returncode, done.stderr)
        assert "Traceback" not in done.stderr
