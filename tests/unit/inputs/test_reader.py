"""Arguments: what is a file, what is a requirement."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from nogilcheck.errors import UsageError
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import COMMAND_LINE, STDIN, InputFile, Location, Root
from tests.unit.inputs.reading import Web, names, read, write

WHEEL = "foo_bar-1.0-py3-none-any.whl"


def test_nothing() -> None:
    inputs = read()
    assert inputs.unread[0].location.path == "."
    assert replace(inputs, unread=(), witnesses=()) == Inputs()


class TestScriptWithItsLock:
    """As ``uv run`` takes it."""

    SCRIPT = "# /// script\n# dependencies = ['six>1', 'a']\n# ///\n"
    LOCK = """
version = 1
[manifest]
requirements = [{ name = "a" }, { name = "six", specifier = ">1" }]
[[package]]
name = "six"
version = "1.17"
source = { registry = "https://host/simple" }
[[package]]
name = "a"
version = "1"
source = { registry = "https://host/simple" }
"""

    def test_is_taken_and_told(self) -> None:
        write({"d/s.py": self.SCRIPT, "d/s.py.lock": self.LOCK})
        inputs = read("d/s.py")
        assert (inputs.roots, inputs.unread) == ((), ())
        assert [lock.path for lock in inputs.locks] == ["d/s.py.lock"]
        assert inputs.files == (InputFile(path="d/s.py.lock", kind="uv.lock", requirements=2),)
        assert "Using d/s.py.lock, the lock of d/s.py" in inputs.notes
        assert inputs.witnesses is not None
        assert {Path(one.name).name for one in inputs.witnesses} >= {"s.py", "s.py.lock"}

    @pytest.mark.parametrize("changed", ["six>1.5", "other"])
    def test_of_another_day_is_a_gap(self, changed: str) -> None:
        write({"s.py": self.SCRIPT.replace("six>1", changed), "s.py.lock": self.LOCK})
        (gap,) = read("s.py").unread
        assert gap.location == Location(path="s.py", line=2)
        assert changed in gap.text

    def test_that_cannot_be_read(self) -> None:
        write({"s.py": self.SCRIPT, "s.py.lock": "version = 2\n"})
        inputs = read("s.py")
        assert (inputs.roots, inputs.locks) == ((), ())
        assert [gap.location.path for gap in inputs.unread if "version 2" in gap.text] == ["s.py.lock"]

    def test_a_lock_that_comes_later_is_looked_for(self) -> None:
        write({"s.py": self.SCRIPT})
        inputs = read("s.py")
        assert names(inputs) == ["six", "a"]
        assert "s.py.lock" in {Path(one.name).name for one in inputs.witnesses or ()}


class TestNames:
    def test_are_one_input(self) -> None:
        write({"r.txt": "a\nb\n"})
        inputs = read("numpy", "r.txt", "pandas>=2", "uvicorn[standard] ; os_name == 'x/y'")
        assert names(inputs) == ["numpy", "a", "b", "pandas", "uvicorn"]
        assert inputs.files == (
            InputFile(path="r.txt", kind="requirements", requirements=2),
            InputFile(path=COMMAND_LINE, kind="names", requirements=3),
        )
        assert inputs.roots[3] == Root(
            requirement="pandas>=2", name="pandas", specifier=">=2", location=Location(path=COMMAND_LINE)
        )

    @pytest.mark.parametrize("text", ["ruamel.yaml", "discord.py", "zope.interface", "requirements-dev", "jaraco.text"])
    def test_that_look_a_little_like_files(self, text: str) -> None:
        assert [each.requirement for each in read(text).roots] == [text]

    def test_a_directory_of_that_name_is_what_is_meant(self) -> None:
        write({"numpy/__init__.py": "", "src/requirements.txt": "six\n"})
        inputs = read("numpy", "src", "numpy>=0")
        assert names(inputs) == ["six", "numpy"]
        assert [unread.location.path for unread in inputs.unread] == ["numpy"]

    def test_variables_are_the_shells_business(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VERSION", "1")
        with pytest.raises(UsageError):
            read("numpy==${VERSION}")

    @pytest.mark.parametrize(
        ("text", "name"),
        [
            ("foo @ https://u:s3cret@h/x", "foo"),
            ("git+https://u:s3cret@h/x#egg=foo", "foo"),
            (f"https://u:s3cret@h/{WHEEL}", "foo-bar"),
            ("https://u:s3cret@h/x.tar.gz", None),
        ],
    )
    def test_urls(self, text: str, name: str | None) -> None:
        (root,) = read(text).roots
        assert root.name == name
        assert root.url is not None
        assert "s3cret" not in repr(root)

    @pytest.mark.parametrize("text", ["foo bar", "foo=1", "", " ", "-r", "--pre", "foo @", "http://[x"])
    def test_neither_a_file_nor_a_requirement(self, text: str) -> None:
        with pytest.raises(UsageError) as caught:
            read("numpy", text)
        assert repr(text.strip()) in caught.value.message
        assert caught.value.hint is not None

    def test_usage_errors_hold_no_credentials(self) -> None:
        with pytest.raises(UsageError) as caught:
            read("https://u:s3cret@h/x#egg=a[b]")
        assert "s3cret" not in f"{caught.value} {caught.value.hint}"


class TestFiles:
    @pytest.mark.parametrize("name", ["r.txt", "r.in", "requirements", "r.pip", "R.TXT", "sub/r"])
    def test_whatever_exists_is_read(self, name: str) -> None:
        write({name: "a\n"})
        inputs = read(name)
        assert names(inputs) == ["a"]
        assert inputs.files == (InputFile(path=str(Path(name)), kind="requirements", requirements=1),)

    def test_paths_inside_the_working_directory_are_shown_relative(self, here: Path) -> None:
        write({"sub/r.txt": "a\n", "../out.txt": "b\n"})
        inputs = read(str(here / "sub" / "r.txt"), "./sub/../sub/r.txt", "../out.txt", str(here.parent / "out.txt"))
        assert [str(each.location) for each in inputs.roots] == [
            str(Path("sub/r.txt:1")),
            "../out.txt:1",
            f"{here.parent / 'out.txt'}:1",
        ]

    @pytest.mark.parametrize("name", ["r.txt", "r.in", "sub/numpy", "./numpy", "pyproject.toml", "x.whl", "setup.py"])
    def test_missing(self, name: str) -> None:
        write({"b.txt": "b\n"})
        inputs = read(name, "b.txt")
        assert names(inputs) == ["b"]
        (unread,) = inputs.unread
        assert (unread.location, unread.text) == (Location(path=str(Path(name))), "no such file")

    @pytest.mark.parametrize(
        ("name", "hint"),
        [
            ("requirments.txt", "Did you mean requirements.txt?"),
            ("sub/dev.text", "Did you mean sub/dev.txt?"),
            ("zzz.in", None),
        ],
    )
    def test_missing_with_a_similar_name(self, name: str, hint: str | None) -> None:
        write({"requirements.txt": "", "sub/dev.txt": ""})
        assert read(name).unread[0].hint == hint

    @pytest.mark.parametrize(
        ("name", "text", "hint"),
        [
            ("setup.py", "unsupported file format: setup.py", "It is a program"),
            ("Pipfile", "unsupported file format: Pipfile", "pipenv lock"),
            ("package.json", "not valid JSON", ""),
            ("uv.lock", "not valid TOML", ""),
            ("Pipfile.lock", "not valid JSON", ""),
        ],
    )
    def test_what_cannot_be_read_takes_nothing_else_with_it(self, name: str, text: str, hint: str) -> None:
        write({f"sub/{name}": "a\n", "r.txt": "b\n"})
        inputs = read(f"sub/{name}", "r.txt")
        assert names(inputs) == ["b"]
        (unread,) = inputs.unread
        assert unread.location.path == f"sub/{name}"
        assert unread.text.startswith(text)
        assert hint in (unread.hint or "")

    def test_directory(self) -> None:
        write({"sub/requirements.txt": "a\n", "other/x": ""})
        inputs = read("sub/", "./other", ".")
        assert names(inputs) == ["a"]
        assert [each.location.path for each in inputs.unread] == ["other", "."]
        assert all(each.text.startswith("no dependency declarations found") for each in inputs.unread)

    def test_without_arguments_the_working_directory_is_read(self) -> None:
        write(
            {
                "requirements.txt": "a\n",
                "pyproject.toml": '[project]\nname = "p"\nversion = "1"\ndependencies = ["b"]\n',
            }
        )
        inputs = read()
        assert names(inputs) == ["b"]
        (note,) = inputs.notes
        assert note.startswith("Using pyproject.toml (requirements.txt also found")

    def test_a_project_in_a_directory_stands_for_what_it_requires(self) -> None:
        project = '[project]\nname = "p"\nversion = "1"\ndependencies = ["b"]\n'
        project += 'optional-dependencies.fast = ["c"]\nrequires-python = ">=3.9"\n'
        write({"p/pyproject.toml": project, "r.txt": "-e ./p[fast]\na\n"})
        inputs = read("r.txt")
        assert [(each.name, str(each.location), each.group) for each in inputs.roots] == [
            ("b", "p/pyproject.toml:4", None),
            ("c", "p/pyproject.toml:5", None),
            ("a", "r.txt:2", None),
        ]
        assert [(each.project, each.requires_python) for each in inputs.bounds] == [("p", ">=3.9")]

    def test_projects_that_name_one_another_end(self, here: Path) -> None:
        for one, other in (("p", "q"), ("q", "p")):
            wanted = f'"{one}-dep", "{other} @ {(here / other).as_uri()}"'
            text = f'[project]\nname = "{one}"\nversion = "1"\ndependencies = [{wanted}]\n'
            write({f"{one}/pyproject.toml": text})
        assert names(read("./p/pyproject.toml")) == ["p-dep", "q-dep"]

    def test_wheels_and_sdists_are_requirements(self, here: Path) -> None:
        write({f"dist/{WHEEL}": "", "b-1.tar.gz": "", "bad.whl": ""})
        inputs = read(f"dist/{WHEEL}", "b-1.tar.gz", "./b-1.tar.gz[x]", "bad.whl")
        assert [(each.name, each.extras) for each in inputs.roots] == [("foo-bar", ()), (None, ()), (None, ("x",))]
        assert inputs.roots[0].url == (here / "dist" / WHEEL).as_uri()
        assert [each.location.path for each in inputs.unread] == ["bad.whl"]

    def test_remote(self) -> None:
        web = Web({"https://u:p@h/r.txt": b"a\n"})
        inputs = read("https://u:p@h/r.txt", fetch=web)
        assert inputs.files == (InputFile(path="https://h/r.txt", kind="requirements", requirements=1),)
        assert inputs.witnesses is None

    def test_file_url(self, here: Path) -> None:
        write({"r.txt": "a\n"})
        inputs = read(f"{here.as_uri()}/r.txt", "file://host/r.txt")
        assert str(inputs.roots[0].location) == "r.txt:1"
        assert [each.location.path for each in inputs.unread] == ["file://host/r.txt"]


class TestStandardInput:
    def test_is_a_requirements_file_in_the_working_directory(self) -> None:
        write({"b.txt": "b\n"})
        inputs = read("-", stdin=b"\na\n-r b.txt\nc=1\n")
        assert [str(each.location) for each in inputs.roots] == ["-:2", "b.txt:1"]
        assert [str(each.location) for each in inputs.unread] == ["-:4"]
        assert inputs.files == (InputFile(path=STDIN, kind="stdin", requirements=2),)
        assert inputs.witnesses is None

    def test_is_read_once(self) -> None:
        assert names(read("-", "-", stdin=b"a\n")) == ["a"]

    def test_is_not_touched_without_need(self) -> None:
        assert names(read("a")) == ["a"]
