"""Files with changed requirements, and their diffs: what is edited, what is not, and that ``patch`` takes it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nogilcheck.inputs.edits.edited_file import edited_file
from nogilcheck.model.plan import FileEdit, RequirementChange, RequirementChangeKind
from nogilcheck.model.source import Location, Root

PATCH = shutil.which("patch")


def _change(
    before: str | None, after: str, line: int | None = 1, *, path: str = "r.txt", hashes: tuple[str, ...] = ()
) -> RequirementChange:
    location = Location(path=path, line=line) if line else None
    return RequirementChange(
        kind=RequirementChangeKind.PIN, project="a", before=before, after=after, location=location, hashes=hashes
    )


def _root(requirement: str, path: str, line: int) -> Root:
    return Root(requirement=requirement, name=requirement[0], location=Location(path=path, line=line))


def _edit(
    path: Path, text: str, *changes: RequirementChange, after: Root | None = None
) -> tuple[str, tuple[RequirementChange, ...]]:
    """The file after ``patch`` has taken the diff, which has to be what the edit says; and what has no place."""
    path.write_bytes(text.encode())
    edit, unplaced = edited_file(path.name, changes, after=after)
    if edit is None:
        return text, unplaced
    assert edit.before == text
    return (_patched(path, edit) if PATCH else edit.after), unplaced


def _patched(path: Path, edit: FileEdit) -> str:
    assert PATCH is not None
    diff = "".join(edit.diff).encode()
    for arguments in (["--dry-run"], []):
        done = subprocess.run(
            [PATCH, "-p0", "--fuzz=0", *arguments], input=diff, cwd=path.parent, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout
    assert path.read_bytes().decode() == edit.after
    assert not path.with_name(f"{path.name}.orig").exists()
    return edit.after


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["newline", "no newline"])
@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("a==1\nb==1", _change("a==1", "a==2"), "a==2\nb==1"),
        ("b==1\na==1", _change("a==1", "a==2", 2), "b==1\na==2"),
        ("  a==1   # a==1 is ours", _change("a==1", "a==2"), "  a==2   # a==1 is ours"),
        ("# a==1\n\na==1", _change("a==1", "a==2", 3), "# a==1\n\na==2"),
        ("a==1 --config-settings=x=y  # why", _change("a==1", "a==2"), "a==2 --config-settings=x=y  # why"),
        ("a \\\n ==1 \\\n --config-settings x=y", _change("a  ==1", "a  ==2"),
         "a \\\n ==2 \\\n --config-settings x=y"),
        ("a[x] (<2) ; os_name > '3'", _change("a[x] (<2) ; os_name > '3'", "a[x] (<3) ; os_name > '3'"),
         "a[x] (<3) ; os_name > '3'"),
        ("a[x, y]\nc", _change("a[x, y]", "a[y]"), "a[y]\nc"),
        ("a==1 \\\n    --hash=sha256:1 \\\n    --hash sha256:2 --config-settings=x=y  # why\n    # via b",
         _change("a==1", "a==2", hashes=("sha256:3", "sha256:4")),
         "a==2 --config-settings=x=y \\\n    --hash=sha256:3 \\\n    --hash=sha256:4 # why\n    # via b"),
        ("a\u0301b==1  # \u00e4\u4e2d\nc\u00a0d\na==1", _change("a==1", "a==2", 3),
         "a\u0301b==1  # \u00e4\u4e2d\nc\u00a0d\na==2"),
        ("\ufeffb\nc\nd\ne\na==1", _change("a==1", "a==2", 5), "\ufeffb\nc\nd\ne\na==2"),
        ("# goes on \\\na==1", _change("a==1", "a==2", 2), "# goes on \\\na==2"),
        ("aa==1\na==1.0", _change("a==1.0", "a==1.1", 2), "aa==1\na==1.1"),
    ],
)  # fmt: skip
def test_a_line_of_a_requirements_file(
    text: str, change: RequirementChange, wanted: str, *, end: str, last: bool, tmp_path: Path
) -> None:
    given_text, wanted = ((each + "\n" * last).replace("\n", end) for each in (text, wanted))
    if "\u00a0" in text:  # no terminal shows it, and it is near the change
        assert _edit(tmp_path / "r.txt", given_text, change) == (given_text, (change,))
    else:
        assert _edit(tmp_path / "r.txt", given_text, change) == (wanted, ())


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("last", [True, False], ids=["newline", "no newline"])
def test_further_requirements_come_last(end: str, *, last: bool, tmp_path: Path) -> None:
    changes = (_change("a==1", "a==2"), _change(None, "c==2", None, hashes=("sha256:1",)), _change(None, "d<=2", None))
    added = ["# what others require, by nogilcheck plan", "c==2 \\", "    --hash=sha256:1", "d<=2", ""]
    text = end.join(["a==1", "b"]) + end * last
    assert _edit(tmp_path / "r.txt", text, *changes) == (end.join(["a==2", "b", *added]), ())


PYPROJECT = """\
[project]
name = "own"
dependencies = [
  "b",
  "a[x]<2 ; python_version >= '3.9'",  # why
  'a<2; sys_platform == "win32"',
  "a<2; sys_platform == \\"linux\\""
]
optional-dependencies = { y = ["a<2", "b<2"] }
[dependency-groups]
dev = ["a <2", {include-group = "y"}]
"""
POETRY = """\
[tool.poetry.dependencies]
python = "^3.11"
a = "^1.2"  # why
b = { version = "~1.2", extras = ["x"], python = "<4" }
c = "1.0"
d = "*"
e = [
  { version = "<2", python = "<3.12" },
  { version = "<3", python = ">=3.12" },
]
[tool.poetry.group.dev.dependencies.f]
optional = true
version = "<2"
[tool.poetry.scripts]
g = "<2"
"""
SCRIPT = '# /// script\n# dependencies = [\n#   "a<2",\n# ]\n# ///\n'
SETUP_CFG = "[options]\ninstall_requires =\n    b\n    a <2\n"
YAML = "dependencies:\n  - pip:\n    - b\n    - a<2\n"


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("name", "text", "line", "before", "after", "old", "new"),
    [
        ("pyproject.toml", PYPROJECT, 5, "a[x]<2 ; python_version >= '3.9'", "a[x]<3 ; python_version >= '3.9'",
         '"a[x]<2 ;', '"a[x]<3 ;'),
        ("pyproject.toml", PYPROJECT, 6, 'a<2; sys_platform == "win32"', 'a<3; sys_platform == "win32"',
         "'a<2; ", "'a<3; "),
        ("pyproject.toml", PYPROJECT, 7, 'a<2; sys_platform == "linux"', 'a<3; sys_platform == "linux"',
         '"a<2; sys', '"a<3; sys'),
        ("pyproject.toml", PYPROJECT, 9, "a<2", "a<2.4", '["a<2", ', '["a<2.4", '),
        ("pyproject.toml", PYPROJECT, 9, "b<2", "b<3", '"b<2"]', '"b<3"]'),
        ("pyproject.toml", PYPROJECT, 11, "a <2", "a <3", '"a <2"', '"a <3"'),
        ("pyproject.toml", PYPROJECT, 5, "a[x]<2 ; python_version >= '3.9'", "a<2 ; python_version >= '3.9'",
         '"a[x]<2 ;', '"a<2 ;'),
        ("pyproject.toml", POETRY, 3, "a<2.0,>=1.2", "a<2.4,>=1.2", '"^1.2"', '">=1.2,<2.4"'),
        ("pyproject.toml", POETRY, 4, "b[x]<1.3,>=1.2 ; python_version < '4'", "b[x]<1.4,>=1.2 ; python_version < '4'",
         '"~1.2"', '">=1.2,<1.4"'),
        ("pyproject.toml", POETRY, 5, "c==1.0", "c==1.1", '"1.0"', '"1.1"'),
        ("pyproject.toml", POETRY, 6, "d", "d<=1.1", 'd = "*"', 'd = "<=1.1"'),
        ("pyproject.toml", POETRY, 9, "e<3 ; python_version >= '3.12'", "e<3.3 ; python_version >= '3.12'",
         'version = "<3"', 'version = "<3.3"'),
        ("pyproject.toml", POETRY, 11, "f<2", "f<2.4", 'true\nversion = "<2"', 'true\nversion = "<2.4"'),
        ("script.py", SCRIPT, 3, "a<2", "a<3", '"a<2"', '"a<3"'),
        ("setup.cfg", SETUP_CFG, 4, "a <2", "a <3", "a <2", "a <3"),
        ("environment.yml", YAML, 4, "a<2", "a<3", "a<2", "a<3"),
    ],
)  # fmt: skip
def test_a_requirement_among_others(
    name: str, text: str, line: int, before: str, after: str, old: str, new: str, end: str, tmp_path: Path
) -> None:
    text, old, new = (each.replace("\n", end) for each in (text, old, new))
    assert text.count(old) == 1
    change = _change(before, after, line, path=name)
    assert _edit(tmp_path / name, text, change) == (text.replace(old, new), ())


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("name", "text", "after", "old", "new"),
    [
        ("pyproject.toml", PYPROJECT, _root('a<2; sys_platform == "linux"', "pyproject.toml", 7),
         'linux\\""\n', 'linux\\"",\n  "n<=1",\n  "o>=2",\n'),
        ("pyproject.toml", PYPROJECT, _root("b", "pyproject.toml", 4), '  "b",\n', '  "b",\n  "n<=1",\n  "o>=2",\n'),
        ("pyproject.toml", PYPROJECT, _root("b<2", "pyproject.toml", 9), '"b<2"]', '"b<2", "n<=1", "o>=2"]'),
        ("pyproject.toml", POETRY, _root("c==1.0", "pyproject.toml", 5),
         'c = "1.0"\n', 'c = "1.0"\nn = "<=1"\no = ">=2"\n'),
        ("script.py", SCRIPT, _root("a<2", "script.py", 3), '"a<2",\n', '"a<2",\n#   "n<=1",\n#   "o>=2",\n'),
        ("setup.cfg", SETUP_CFG, _root("a <2", "setup.cfg", 4), "a <2\n", "a <2\n    n<=1\n    o>=2\n"),
        ("environment.yml", YAML, _root("b", "environment.yml", 3), "- b\n", "- b\n    - n<=1\n    - o>=2\n"),
    ],
)  # fmt: skip
def test_further_requirements_follow_the_last_one(
    name: str, text: str, after: Root, old: str, new: str, end: str, tmp_path: Path
) -> None:
    text, old, new = (each.replace("\n", end) for each in (text, old, new))
    assert text.count(old) == 1
    changes = (_change(None, "n<=1", None), _change(None, "o>=2", None))
    assert _edit(tmp_path / name, text, *changes, after=after) == (text.replace(old, new), ())


def test_one_that_follows_a_changed_one(tmp_path: Path) -> None:
    changes = (_change("b", "b<2", 4, path="pyproject.toml"), _change(None, "n<=1", None))
    text, unplaced = _edit(tmp_path / "pyproject.toml", PYPROJECT, *changes, after=_root("b", "pyproject.toml", 4))
    assert (text.count('  "b<2",\n  "n<=1",\n'), unplaced) == (1, ())


@pytest.mark.parametrize(
    ("name", "text", "change"),
    [
        ("r.txt", "${NAME}==1\n", _change("a==1", "a==2")),
        ("r.txt", "a==1\n", _change("a==1", "a==2", 7)),
        ("r.txt", "a==1  # \x1b[2J\n", _change("a==1", "a==2")),
        ("pyproject.toml", 'a = """\nb<2"""\n', _change("b<2", "b<3", 2, path="other.toml")),
        ("pyproject.toml", POETRY, _change("a[x]<2.0,>=1.2", "a<2.0,>=1.2", 3, path="pyproject.toml")),
        ("pyproject.toml", PYPROJECT, _change("z<2", "z<3", 5, path="pyproject.toml")),
        ("pyproject.toml", PYPROJECT, _change("z<2", "z<3", 99, path="pyproject.toml")),
        ("pyproject.toml", PYPROJECT, _change(None, "n<=1", None)),
    ],
)
def test_what_has_no_place_is_left_to_the_user(name: str, text: str, change: RequirementChange, tmp_path: Path) -> None:
    if name == "pyproject.toml" and '"""' in text:
        new, unplaced = _edit(tmp_path / name, text, change)
        assert (new, unplaced) == ('a = """\nb<3"""\n', ())
    else:
        assert _edit(tmp_path / name, text, change) == (text, (change,))


@pytest.mark.parametrize("content", [None, b"\xff\xfea==1", b"\xe4==1\na==1\n"])
def test_a_file_that_is_gone_or_no_utf_8_is_not_edited(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "r.txt").write_bytes(content)
    change = _change("a==1", "a==2", 2)
    assert edited_file("r.txt", (change,), after=None) == (None, (change,))


LINES = st.sampled_from(["", "# c", "b", " ", "a", "a==1", "--pre", "c \\", "  # d \\", "\t", "e  "])


@pytest.mark.skipif(PATCH is None, reason="patch is not installed")
@given(
    st.lists(LINES, max_size=12), st.lists(LINES, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans(),
)  # fmt: skip
def test_patch_takes_every_diff(before: list[str], after: list[str], end: str, last: bool) -> None:
    import tempfile

    text = end.join([*before, "x==1", *after]) + end * last
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "r s.txt"
        path.write_bytes(text.encode())
        change = _change("x==1", "x==2", len(before) + 1)
        edit, _ = edited_file(str(path), (change,), after=None)
        assert edit is None or _patched(path, FileEdit(path=path.name, before=edit.before, after=edit.after))
