"""What keeps a tree from being released."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release import main, problems

ADDRESS = "https://host.invalid/somebody/nogilcheck"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A tree that may be released as v1.2.0."""
    files = {
        "nogilcheck/__init__.py": '__version__ = "1.2.0"\n',
        "CHANGELOG.md": "# Changelog\n\n## 1.2.0 (2026-12-01)\n",
        "changelog.d/README.md": "# News fragments\n",
        "pyproject.toml": f'[project.urls]\nSource = "{ADDRESS}"\nDocumentation = "{ADDRESS}/docs"\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_tree_that_may_be_released(tree: Path) -> None:
    assert problems(tree, "v1.2.0", ADDRESS) == []


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("nogilcheck/__init__.py", '__version__ = "1.20"\n', ["the tag is v1.2.0", "no section 1.20"]),
        ("CHANGELOG.md", "# Changelog\n\n## 1.2.0rc1 (2026-11-01)\n", ["no section 1.2.0"]),
        ("changelog.d/why.added.md", "`why` was added.\n", ["why.added.md"]),
        ("pyproject.toml", "[project.urls]\n", ["Source is missing", "no Documentation"]),
        ("pyproject.toml", '[project.urls]\nSource = "https://host.invalid/other"\nDocumentation = "x"\n', ["other"]),
    ],
)  # fmt: skip
def test_what_keeps_it_back(tree: Path, name: str, text: str, said: list[str]) -> None:
    (tree / name).write_text(text, encoding="utf-8")
    found = problems(tree, "v1.2.0", ADDRESS)
    assert len(found) == len(said)
    assert all(part in problem for part, problem in zip(said, found, strict=True))


def test_a_command_line_that_is_not_understood(capsys: pytest.CaptureFixture[str]) -> None:
    assert main("publish") == 2
    assert "python -m tests.release build" in capsys.readouterr().err
