"""The site of the documentation, built as ``make docs`` builds it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.support.workshop import install_locked, make_environment, run

pytestmark = pytest.mark.tools

ROOT = Path(__file__).parents[2]


def test_it_is_built_without_a_warning(tmp_path: Path) -> None:
    scripts = make_environment(sys.executable, tmp_path / "venv")
    for lock in ("run", "docs"):
        install_locked(scripts, lock)
    run(scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ROOT)
    options = ("--fail-on-warning", "--keep-going", "--quiet")
    run(scripts / "python", "-m", "sphinx", *options, ROOT / "docs", tmp_path / "site", timeout=600)
    start = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "tutorial/first-check.html" in start
