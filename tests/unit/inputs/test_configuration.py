"""Who wins when several tools are told of indexes."""

from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.configuration import configured
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings, NamedIndex, Pin
from tests.unit.inputs.reading import read, read_text, write

PROJECT = '[project]\nname = "me"\nversion = "1"\ndependencies = ["torch", "numpy"]\n'


def project(text: str, *, flags: IndexSettings = IndexSettings()) -> Inputs:  # noqa: B008 - frozen
    write({"pyproject.toml": PROJECT + text})
    inputs = read("pyproject.toml", flags=flags)
    assert inputs.unread == ()
    return inputs


def roles(settings: IndexSettings) -> dict[str, str]:
    return {index.name or index.url: index.role for index in settings.indexes}


class TestPip:
    @pytest.fixture(autouse=True)
    def _variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PIP_INDEX_URL", "https://main.test/")
        monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://more.test/")

    def test_it_counts_for_names(self) -> None:
        found = read("numpy").settings
        assert (found.index_url, found.extra_index_urls) == ("https://main.test/", ("https://more.test/",))

    def test_option_lines_replace_its_index_and_join_its_further_ones(self) -> None:
        assert read_text("a\n--extra-index-url B\n").settings.extra_index_urls == ("B", "https://more.test/")
        found = read_text("a\n-i A\n--extra-index-url B\n").settings
        assert (found.index_url, found.extra_index_urls) == ("A", ("B",)), "pip replaces the whole list"

    def test_flags_win(self) -> None:
        found = read("numpy", flags=IndexSettings(index_url="F", extra_index_urls=("G",))).settings
        assert (found.index_url, found.extra_index_urls) == ("F", ("G", "https://more.test/"))

    def test_no_index_leaves_nothing(self) -> None:
        found = read_text("a\n--no-index\n").settings
        assert (found.no_index, found.index_url, found.extra_index_urls) == (True, None, ())

    def test_it_is_the_default_of_a_project_that_names_none(self) -> None:
        found = project('[[tool.uv.index]]\nname = "gpu"\nurl = "https://gpu.test/"\n').settings
        assert (found.index_url, roles(found)) == ("https://main.test/", {"gpu": "first"})

    def test_and_not_of_one_that_names_its_own(self) -> None:
        found = project('[[tool.uv.index]]\nurl = "https://own.test/"\ndefault = true\n').settings
        assert found.index_url == "https://own.test/"

    def test_what_can_be_known_without_the_inputs(self) -> None:
        found = configured(IndexSettings(index_url="F"))
        assert (found.index_url, found.extra_index_urls) == ("F", ("https://more.test/",))

    def test_find_links_are_relative_to_the_working_directory(
        self, here: Path, home: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PIP_FIND_LINKS", "wheels ~/more https://links.test/")
        found = read("numpy", flags=IndexSettings(find_links=("mine",))).settings
        assert found.find_links == (str(here / "mine"), str(here / "wheels"), str(home / "more"), "https://links.test/")


class TestUvVariables:
    @pytest.mark.parametrize(
        ("variables", "index_url", "expected"),
        [
            ({"UV_DEFAULT_INDEX": "https://d.test/"}, "https://d.test/", {"https://d.test/": "default"}),
            ({"UV_INDEX_URL": "https://d.test/"}, "https://d.test/", {"https://d.test/": "default"}),
            ({"UV_DEFAULT_INDEX": "d=https://d.test/?a=b"}, "https://d.test/?a=b", {"d": "default"}),
            ({"UV_DEFAULT_INDEX": "https://d.test/?a=b"}, "https://d.test/?a=b", {"https://d.test/?a=b": "default"}),
            (
                {"UV_INDEX": "a=https://a.test/ https://b.test/", "UV_EXTRA_INDEX_URL": "https://c.test/"},
                None,
                {"a": "first", "https://b.test/": "first", "https://c.test/": "first"},
            ),
        ],
    )
    def test_indexes(
        self,
        monkeypatch: pytest.MonkeyPatch,
        variables: dict[str, str],
        index_url: str | None,
        expected: dict[str, str],
    ) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        found = read("numpy").settings
        assert (found.index_url, roles(found)) == (index_url, expected)

    def test_the_rest(self, monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
        monkeypatch.setenv("UV_FIND_LINKS", "https://links.test/,wheels")
        monkeypatch.setenv("UV_INDEX_STRATEGY", "unsafe-best-match")
        monkeypatch.setenv("UV_PRERELEASE", "allow")
        monkeypatch.setenv("UV_NO_INDEX", "true")
        found = read("numpy").settings
        assert found.find_links == ("https://links.test/", str(here / "wheels"))
        assert (found.strategy, found.pre, found.no_index) == ("merge", True, True)
        assert read("numpy", flags=IndexSettings(strategy="first-index")).settings.strategy == "first-index"

    def test_a_strategy_that_does_not_exist(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("UV_INDEX_STRATEGY", "best")
        (unread,) = read("numpy").unread
        assert unread.location.path == "UV_INDEX_STRATEGY"

    def test_they_go_before_the_tables_of_the_same_name(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("UV_INDEX", "gpu=https://env.test/")
        monkeypatch.setenv("UV_DEFAULT_INDEX", "https://main.test/")
        found = project(
            '[[tool.uv.index]]\nname = "gpu"\nurl = "https://file.test/"\n'
            '[[tool.uv.index]]\nname = "other"\nurl = "https://other.test/"\ndefault = true\n'
        ).settings
        assert found.index_url == "https://main.test/"
        assert [index.url for index in found.indexes] == ["https://main.test/", "https://env.test/"]


class TestTables:
    def test_uv(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("UV_NO_CONFIG")
        found = project(
            "[tool.uv]\nindex-strategy = 'first-index'\nfind-links = ['wheels', 'https://links.test/']\n"
            "extra-index-url = ['https://x.test/']\nprerelease = 'allow'\n"
            '[[tool.uv.index]]\nname = "gpu"\nurl = "https://gpu.test/"\nexplicit = true\n'
            '[[tool.uv.index]]\nname = "flat"\nurl = "flat"\nformat = "flat"\n'
            "[tool.uv.sources]\ntorch = { index = 'gpu' }\nscipy = { index = 'flat' }\n"
        ).settings
        assert found.indexes == (
            NamedIndex(name="gpu", url="https://gpu.test/", role="explicit"),
            NamedIndex(name="flat", url=str(here / "flat"), flat=True),
            NamedIndex(url="https://x.test/"),
        )
        assert found.find_links == (str(here / "wheels"), "https://links.test/")
        assert (found.strategy, found.pre) == ("first-index", True)
        assert found.pins == (Pin(project="torch", index="gpu"),), "a source counts for what is asked for directly"

    def test_a_source_that_holds_in_some_environments_only(self) -> None:
        found = project(
            '[[tool.uv.index]]\nname = "gpu"\nurl = "https://gpu.test/"\nexplicit = true\n'
            "[tool.uv.sources]\ntorch = { index = 'gpu', marker = \"sys_platform == 'linux'\" }\n"
        )
        assert found.settings.pins == (Pin(project="torch", index="gpu"), Pin(project="torch", index=None))

    def test_a_source_of_an_extra_that_is_not_checked_does_not_count(self) -> None:
        found = project(
            '[project.optional-dependencies]\ncpu = ["torch"]\n'
            '[[tool.uv.index]]\nname = "gpu"\nurl = "https://gpu.test/"\nexplicit = true\n'
            "[tool.uv.sources]\ntorch = { index = 'gpu', extra = 'cpu' }\n"
        )
        assert found.settings.pins == ()

    def test_an_index_that_nothing_defines_is_a_gap(self) -> None:
        write({"pyproject.toml": PROJECT + "[tool.uv.sources]\ntorch = { index = 'gpu' }\n"})
        found = read("pyproject.toml")
        assert found.settings.pins == ()
        (gap,) = found.unread
        assert "'gpu'" in gap.text
        assert "torch" in gap.text

    def test_replacing_the_default_index_goes_for_what_is_pinned_to_it(self) -> None:
        text = (
            '[[tool.uv.index]]\nname = "own"\nurl = "https://own.test/"\ndefault = true\n'
            "[tool.uv.sources]\ntorch = { index = 'own' }\n"
        )
        found = project(text, flags=IndexSettings(index_url="https://flag.test/")).settings
        assert found.indexes == (NamedIndex(name="own", url="https://flag.test/", role="default"),)

    def test_poetry(self) -> None:
        write(
            {
                "pyproject.toml": '[tool.poetry]\nname = "me"\n[tool.poetry.dependencies]\nnumpy = "*"\n'
                'torch = { version = "*", source = "GPU" }\nother = { version = "*", source = "pypi" }\n'
                '[[tool.poetry.source]]\nname = "one"\nurl = "https://one.test/"\n'
                '[[tool.poetry.source]]\nname = "two"\nurl = "https://two.test/"\npriority = "primary"\n'
                '[[tool.poetry.source]]\nname = "gpu"\nurl = "https://gpu.test/"\npriority = "explicit"\n'
                '[[tool.poetry.source]]\nname = "PyPI"\npriority = "supplemental"\n'
            }
        )
        found = read("pyproject.toml").settings
        assert roles(found) == {"one": "default", "two": "merged", "gpu": "explicit", "PyPI": "supplemental"}
        assert found.index_url == "https://one.test/"
        assert set(found.pins) == {Pin(project="torch", index="gpu"), Pin(project="other", index="PyPI")}

    def test_the_default_index_need_not_be_defined_to_be_a_source_of_poetry(self) -> None:
        write(
            {"pyproject.toml": '[tool.poetry.dependencies]\nnumpy = { version = "*", source = "pypi" }\n'},
        )
        inputs = read("pyproject.toml")
        assert (inputs.settings.pins, inputs.notes) == ((), ())

    def test_pdm(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WHO", "me")
        found = project(
            '[[tool.pdm.source]]\nname = "own"\nurl = "https://${WHO}:${NOBODY}@own.test/"\n'
            'include_packages = ["My_Own-*"]\nexclude_packages = ["numpy"]\n'
            '[[tool.pdm.source]]\nname = "pypi"\nurl = "https://mirror.test/"\n'
            '[[tool.pdm.source]]\nname = "links"\nurl = "https://links.test/"\ntype = "find_links"\n'
        )
        own, mirror, links = found.settings.indexes
        assert (own.url, own.role) == ("https://me:${NOBODY}@own.test/", "merged")
        assert (own.only, own.never) == (("my-own-*",), ("numpy",))
        assert (mirror.role, found.settings.index_url, links.flat) == ("default", "https://mirror.test/", True)
        assert found.witnesses is not None
        assert {"WHO", "NOBODY"} <= {witness.name for witness in found.witnesses}

    @pytest.mark.parametrize(
        ("text", "line"),
        [
            ('[[tool.uv.index]]\nname = "x"\n', 5),
            ("[tool.uv]\nindex = 1\n", 6),
            ("[tool.uv]\nindex = [1]\n", 6),
            ("[tool.uv]\nindex-strategy = 'best'\n", 6),
            ('[[tool.poetry.source]]\nname = "x"\n', 5),
            ('[[tool.pdm.source]]\nname = "x"\n', 5),
        ],
    )
    def test_what_makes_no_sense(self, text: str, line: int) -> None:
        write({"pyproject.toml": PROJECT + text})
        inputs = read("pyproject.toml")
        assert [unread.location.line for unread in inputs.unread] == [line]
        assert {root.name for root in inputs.roots} == {"torch", "numpy"}

    def test_a_script_has_indexes_too(self) -> None:
        write({"s.py": '# /// script\n# dependencies = ["a"]\n# [[tool.uv.index]]\n# url = "https://x.test/"\n# ///\n'})
        assert roles(read("s.py").settings) == {"https://x.test/": "first"}

    def test_a_project_directory_has_them_too(self, here: Path) -> None:
        write({"lib/pyproject.toml": PROJECT + '[[tool.uv.index]]\nurl = "https://x.test/"\n'})
        assert roles(read_text("-e ./lib\n").settings) == {"https://x.test/": "first"}


LOCK = """version = 1
requires-python = ">=3.9"
[[package]]
name = "me"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "own" }, { name = "public" }]
[[package]]
name = "own"
version = "1.0"
source = { registry = "https://own.test/simple" }
wheels = [{ url = "https://own.test/own-1.0-py3-none-any.whl", hash = "sha256:%s" }]
[[package]]
name = "public"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
wheels = [{ url = "https://files.test/public-1.0-py3-none-any.whl", hash = "sha256:%s" }]
""".replace("%s", "0" * 64)


def test_a_locked_distribution_comes_from_the_index_that_the_lock_names() -> None:
    write({"uv.lock": LOCK})
    found = read("uv.lock").settings
    assert found.pins == (Pin(project="own", index="https://own.test/simple"),)
    assert roles(found) == {"https://own.test/simple": "explicit"}
    assert read("uv.lock", flags=IndexSettings(index_url="https://mirror.test/")).settings.pins == ()
