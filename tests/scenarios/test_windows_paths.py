"""Paths as Windows has them: a drive is no scheme of a URL, and nothing of a path is a name to ask an index for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.command import run
from tests.world import parse, serve

WORLD = parse('[projects.fine]\n"1.0" = {}')
FINE = "fine-1.0-py3-none-any.whl"
WHEEL = "demo-1.0-py3-none-any.whl"
PATHS = [
    "C:\\proj\\", "C:/proj/", "c:", "\\\\server\\share\\", "//server/share/", ".\\proj\\", "\\proj\\",
    "\\\\?\\C:\\proj\\",
]  # fmt: skip
LINES = ["{}r.txt", "-r {}r.txt", "-c {}r.txt", f"{{}}{WHEEL}", "-e {}pkg", f"demo @ {{}}{WHEEL}", f"file:///{{}}{WHEEL}",
         f"demo @ file:///{{}}{WHEEL}", '-r "{}r.txt"']  # fmt: skip


def check(*arguments: str) -> tuple[int, str]:
    with serve(WORLD) as index:
        outcome = run(*arguments, "--index-url", index.url, "--no-cache", "--python", "3.14t")
        assert {request.path for request in index.requests} <= {
            "/simple/fine/",
            f"/files/{FINE}",
            f"/files/{FINE}.metadata",
        }
    assert "defect" not in outcome.stderr
    return outcome.status, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("line", LINES)
def test_a_line_of_a_requirements_file(here: Path, path: str, line: str) -> None:
    (here / "r.txt").write_text(f"fine\n{line.format(path)}\n", encoding="utf-8")
    status, said = check("./r.txt")
    assert status in (2, 3)
    assert "r.txt:2" in said


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("name", ["r.txt", "pyproject.toml", WHEEL, "proj\\", "uv.lock"])
def test_an_argument(path: str, name: str) -> None:
    status, _ = check("fine", f"{path}{name}")
    assert status == 2


HASHES = "hashes = {{ sha256 = '0' }}"
ENTRIES = [
    f"archive = {{{{ path = {{}}, {HASHES} }}}}",
    f"wheels = [{{{{ path = {{}}, {HASHES} }}}}]",
    "directory = {{ path = {} }}",
]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_of_a_lock(here: Path, path: str, entry: str) -> None:
    text = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "demo"\nversion = "1.0"\n'
    text += entry.format(json.dumps(path + WHEEL))
    (here / "pylock.toml").write_text(text + "\n", encoding="utf-8")
    status, said = check("pylock.toml", "-v")
    assert status in (2, 3) or "demo 1.0" in said  # what its file name tells of a locked file is enough
