"""Dependencies that a build backend takes from elsewhere."""

from __future__ import annotations

import pytest

from tests.unit.inputs.projectfiles import clean, complaints, pyproject, says

BOTH = '[project]\nname = "p"\ndynamic = [\n"version",\n"dependencies",\n"optional-dependencies"]\n'
CORE = '[project]\nname = "p"\ndynamic = ["dependencies", "requires-python"]\n'
SETUPTOOLS = "[tool.setuptools.dynamic]\n"


def test_what_a_build_alone_would_tell_is_said_to_be_unknown() -> None:
    content = pyproject(BOTH + '[tool.hatch.metadata.hooks.custom]\npath = "x.py"', {"setup.py": "raise SystemExit"})
    assert [(line, text.partition(":")[0]) for line, text in complaints(content)] == [
        (5, "the dependencies are dynamic")
    ]
    assert content.notes == (
        "pyproject.toml:6: the optional dependencies are dynamic: its extras cannot be known without a build",
    )


def test_other_dynamic_fields_are_harmless() -> None:
    assert says(clean('[project]\ndynamic = ["version", "requires-python", 3]\ndependencies = ["a"]').roots) == ["a"]


class TestFiles:
    def test_lines_are_those_of_the_file(self) -> None:
        content = clean(
            f'{CORE}{SETUPTOOLS}dependencies = {{file = "r.txt"}}',
            {"r.txt": "\ufeff# why\r\na>1\r\n\r\nb ; os_name=='x' # c\r\n"},
        )
        assert [(str(root.location), root.requirement) for root in content.roots] == [
            ("r.txt:2", "a>1"),
            ("r.txt:4", "b ; os_name=='x'"),
        ]

    def test_variables_are_not_expanded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("V", "1")
        content = pyproject(f'{CORE}{SETUPTOOLS}dependencies = {{file = ["r.txt"]}}', {"r.txt": "a==${V}"})
        assert (content.roots, len(content.unread)) == ((), 1)

    def test_options_are_refused_as_the_backend_refuses_them(self) -> None:
        content = pyproject(
            f'{CORE}{SETUPTOOLS}dependencies = {{file = ["r.txt"]}}', {"r.txt": "-r s.txt\na --hash=sha256:aa\n-e .\nb"}
        )
        assert says(content.roots) == ["b"]
        assert [str(unread.location) for unread in content.unread] == ["r.txt:1", "r.txt:2", "r.txt:3"]

    @pytest.mark.parametrize("name", ["../r.txt", "/etc/passwd", "a/../../r.txt", "C:\\\\r.txt"])
    def test_outside_the_project(self, name: str) -> None:
        content = pyproject(f'{CORE}{SETUPTOOLS}dependencies = {{file = ["{name}"]}}', {"../r.txt": "a"})
        assert content.roots == ()
        assert "not inside the project" in content.unread[0].text

    @pytest.mark.parametrize(
        ("value", "line"),
        [
            ('{file = ["nope.txt"]}', 5),
            ("{file = 3}", 5),
            ("{file = [3]}", 5),
            ('{attr = "x"}', 5),
            ("3", 5),
            ('{file = "bad.txt"}', 2),
        ],
    )
    def test_what_cannot_be_read(self, value: str, line: int) -> None:
        content = pyproject(f"{CORE}{SETUPTOOLS}dependencies = {value}", {"bad.txt": b"a\n\xff\n"})
        assert [place for place, _ in complaints(content)] == [line]
        assert content.roots == ()

    def test_hatch_requirements_txt(self) -> None:
        content = clean(
            f'{BOTH}[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ["r.txt"]\n'
            '[tool.hatch.metadata.hooks.requirements_txt.optional-dependencies]\nx = ["x.txt"]',
            {"r.txt": "a\n", "x.txt": "b\n"},
        )
        assert (says(content.roots), says(content.roots, "x", "extra")) == (["a"], ["b"])


class TestSetupCfg:
    CFG = "[metadata]\nname = other\n[options]\ninstall_requires =\n  a\n[options.extras_require]\nx = b\n"

    def test_states_what_is_dynamic(self) -> None:
        content = clean(BOTH, {"setup.cfg": self.CFG})
        assert (says(content.roots), says(content.roots, "x", "extra")) == (["a"], ["b"])
        assert content.extras == ("x",)
        assert str(content.roots[0].location) == "setup.cfg:5"

    def test_only_that(self) -> None:
        content = clean('[project]\ndependencies=["c"]\ndynamic = ["optional-dependencies"]', {"setup.cfg": self.CFG})
        assert (says(content.roots), says(content.roots, "x", "extra")) == (["c"], ["b"])

    @pytest.mark.parametrize("text", ["[flake8]\na = 1", "[options]\nzip_safe = no\n"])
    def test_states_nothing(self, text: str) -> None:
        assert [line for line, _ in complaints(pyproject(CORE, {"setup.cfg": text}))] == [3]

    def test_is_broken(self) -> None:
        content = pyproject(CORE, {"setup.cfg": "[options]\nnonsense\n"})
        assert sorted(str(unread.location) for unread in content.unread) == ["pyproject.toml:3", "setup.cfg:2"]
