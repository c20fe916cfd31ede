"""setup.cfg."""

from __future__ import annotations

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.diagnostics import NothingStatedError
from nogilcheck.inputs.projects.setup_cfg import read_setup_cfg
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.projectfiles import beside, complaints, lines, says
from tests.unit.inputs.reading import write


def read(text: str, files: dict[str, str | bytes] | None = None) -> Content:
    write(files or {})
    return read_setup_cfg(text, "setup.cfg", beside())


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lines_comments_and_blank_lines(newline: str) -> None:
    text = "[options]\ninstall_requires =\n  a>1\n\n# why\n  # and\n  b; os_name == 'x'\n\tc\nzip_safe = no\n"
    content = read(text.replace("\n", newline))
    assert says(content.roots) == ["a>1", 'b ; os_name == "x"', "c"]
    assert lines(content.roots) == [3, 7, 8]


def test_a_value_on_the_line_of_its_key() -> None:
    content = read("[options]\ninstall-requires = a; b>1 ;c\n")
    assert says(content.roots) == ["a", "b>1", "c"]
    assert set(lines(content.roots)) == {2}


def test_percent_signs_are_no_interpolation() -> None:
    assert says(read("[options]\ninstall_requires = a @ https://h/%(x)s%20y\n").roots) == ["a @ https://h/%(x)s%20y"]


def test_python_requires() -> None:
    content = read("[metadata]\nname = My_P\n[options]\npython_requires = >=3.8\ninstall_requires = a")
    assert content.bounds
    assert (content.bounds.project, content.bounds.requires_python) == ("my-p", ">=3.8")
    assert content.bounds.location.line == 4


@pytest.mark.parametrize("name", ["file: NAME", "attr: p.name", ""])
def test_a_name_that_is_not_said(name: str) -> None:
    content = read(f"[metadata]\nname = {name}\n[options]\npython_requires = >=3.8\ninstall_requires = a")
    assert content.bounds
    assert content.bounds.project == "setup.cfg"


def test_files() -> None:
    content = read(
        "[options]\ninstall_requires = file: r.txt, s.txt\n[options.extras_require]\nX =\n  file: x.txt\n",
        {"r.txt": "a\nb", "s.txt": "c", "x.txt": "\nd"},
    )
    assert (says(content.roots), says(content.roots, "x", "extra")) == (["a", "b", "c"], ["d"])
    assert [str(root.location) for root in content.roots] == ["r.txt:1", "r.txt:2", "s.txt:1", "x.txt:2"]


def test_a_file_that_is_missing() -> None:
    content = read("[options]\ninstall_requires =\n  file: r.txt\n")
    assert complaints(content) == [(3, "r.txt: no such file")]


def test_a_line_that_cannot_be_read() -> None:
    content = read("[options]\ninstall_requires =\n  a\n  b=1\n  c\n")
    assert says(content.roots) == ["a", "c"]
    assert [line for line, _ in complaints(content)] == [4]


def test_without_dependencies() -> None:
    assert read("[options]\nzip_safe = no").notes == (
        "setup.cfg: no install_requires: the project itself requires nothing",
    )
    content = read("[options]\nzip_safe = no", {"setup.py": "raise SystemExit"})
    assert [("setup.py" in unread.text) for unread in content.unread] == [True]


def test_settings_of_other_tools_state_nothing() -> None:
    with pytest.raises(NothingStatedError):
        read("[flake8]\nmax-line-length = 100\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a = 1\n", 1),
        ("[options]\nnonsense\n", 2),
        ("[options]\na = 1\na = 2\n", 3),
        ("[options]\n[x]\n[options]\n", 3),
    ],
)
def test_a_file_that_is_none(text: str, line: int) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        read(text)
    assert caught.value.line == line
    assert "\x01" not in caught.value.message
