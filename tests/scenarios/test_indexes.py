"""Several indexes at once, as pip and uv have them, and configured as users have them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.inputs.settings import pip as pip_configuration
from nogilcheck.resolve.walk import walk
from tests.support.command import Outcome, run
from tests.world import SHAPES, Index, parse, serve, write_links_dir

MAIN = parse("""
[projects.app]
"1.0" = { requires = ["torch", "helper"] }
[projects.torch]
"2.15.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.helper]
"1.0" = {}
[projects.public]
"1.0" = {}
""")
OTHER = parse("""
[projects.torch]
"2.15.0+cpu" = { wheels = ["cp314-cp314t-manylinux_2_28_x86_64", "cp314-cp314-manylinux_2_28_x86_64"] }
[projects.own]
"1.0" = { requires = ["helper"] }
""")


TORCH = [f"torch-2.15.0+cpu-cp314-{abi}-manylinux_2_28_x86_64.whl" for abi in ("cp314", "cp314t")]


@dataclass(frozen=True, slots=True)
class World:
    """Two indexes and a project in between."""

    main: Index
    other: Index
    directory: Path
    cache: Path

    def check(self, *arguments: str) -> Outcome:
        return run(*arguments, "--python", "3.14t", "--cache-dir", str(self.cache))

    def report(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.check(*arguments, "--format", "json").stdout)
        return found

    def chosen(self, *arguments: str) -> dict[str, tuple[str | None, str | None]]:
        """Name -> version and index (``main``, ``other``) of every distribution."""
        names = {self.main.url: "main", self.other.url: "other"}
        return {
            one["name"]: (one["version"], names.get(one["index"], one["index"]))
            for one in self.report(*arguments)["distributions"]
        }

    def write(self, name: str, text: str) -> str:
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("MAIN", self.main.url).replace("OTHER", self.other.url), encoding="utf-8")
        return str(path)

    def warned_of(self, *arguments: str) -> dict[str, list[str]]:
        """Project -> what the warning that it is on two indexes says."""
        findings = self.report(*arguments)["findings"]
        return {one["distribution"]: one["detail"] for one in findings if one["status"] == "two-indexes"}


@pytest.fixture
def world(tmp_path: Path, cache_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.chdir(tmp_path)
    with serve(MAIN) as main, serve(OTHER, SHAPES["html"]) as other:
        yield World(main=main, other=other, directory=tmp_path, cache=cache_dir)


def flags(world: World) -> tuple[str, ...]:
    return ("--index-url", world.main.url, "--extra-index-url", world.other.url)


# Merge and first index


def test_pip_merges(world: World) -> None:
    found = world.chosen("app", *flags(world))
    assert found == {"app": ("1.0", "main"), "helper": ("1.0", "main"), "torch": ("2.15.0+cpu", "other")}


def test_a_local_version_of_the_further_index_although_the_first_has_the_project(world: World) -> None:
    file = world.write("r.txt", "--index-url MAIN\n--extra-index-url OTHER\ntorch==2.15.0+cpu\n")
    outcome = world.check(file)
    assert outcome.status == 0, outcome.stdout
    assert world.chosen(file) == {"torch": ("2.15.0+cpu", "other")}


def test_the_first_index_that_has_a_project_counts_alone(world: World) -> None:
    arguments = ("app", *flags(world), "--index-strategy", "first-index")
    assert world.chosen(*arguments) == {
        "app": ("1.0", "main"), "helper": ("1.0", "main"), "torch": ("2.15.0+cpu", "other")
    }  # fmt: skip
    assert world.main.asked("/simple/torch/") == (), "the name of a private project is told to nobody else"
    turned = ("--index-url", world.other.url, "--extra-index-url", world.main.url, "--index-strategy", "first-index")
    assert world.chosen("app", *turned)["torch"] == ("2.15.0", "main")


@pytest.mark.parametrize("name", ["merge", "unsafe-best-match"])
def test_uvs_indexes_are_merged_when_asked_for(world: World, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("UV_INDEX", world.main.url)
    arguments = ("torch", "--index-url", world.other.url)
    assert world.chosen(*arguments) == {"torch": ("2.15.0", "main")}
    assert world.chosen(*arguments, "--index-strategy", name) == {"torch": ("2.15.0+cpu", "other")}


def test_a_strategy_that_does_not_exist(world: World) -> None:
    outcome = world.check("app", "--index-strategy", "best")
    assert (outcome.status, "first-index" in outcome.stderr) == (2, True)


def test_the_first_index_that_fails_is_not_passed_over(world: World) -> None:
    world.other.fail("/simple/torch/", action=503)
    outcome = world.check("torch", *flags(world), "--index-strategy", "first-index")
    assert outcome.status == 3
    assert world.main.asked("/simple/torch/") == ()


# Where indexes are named


def test_variables_of_pip(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", world.main.url)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", world.other.url)
    outcome = world.check("torch")
    assert outcome.stderr == ""
    assert world.chosen("torch") == {"torch": ("2.15.0+cpu", "other")}


def test_variables_of_uv(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", world.other.url)
    monkeypatch.setenv("UV_INDEX", f"mine={world.main.url}")
    assert world.chosen("torch", "own") == {
        "torch": ("2.15.0", "main"), "own": ("1.0", "other"), "helper": ("1.0", "main")
    }  # fmt: skip


def test_a_project_of_uv_with_a_pinned_dependency(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", world.main.url)
    file = world.write(
        "pyproject.toml",
        '[project]\nname = "me"\nversion = "1"\ndependencies = ["torch", "public"]\n'
        '[[tool.uv.index]]\nname = "cpu"\nurl = "OTHER"\nexplicit = true\n'
        "[tool.uv.sources]\ntorch = { index = 'cpu' }\n",
    )
    assert world.chosen(file) == {"torch": ("2.15.0+cpu", "other"), "public": ("1.0", "main")}
    assert world.main.asked("/simple/torch/") == ()
    assert world.other.asked("/simple/public/") == ()


def test_a_project_of_poetry(world: World) -> None:
    file = world.write(
        "pyproject.toml",
        '[tool.poetry]\nname = "me"\n'
        '[tool.poetry.dependencies]\nown = "*"\ntorch = { version = "*", source = "MINE" }\n'
        '[[tool.poetry.source]]\nname = "mine"\nurl = "MAIN"\n'
        '[[tool.poetry.source]]\nname = "more"\nurl = "OTHER"\npriority = "supplemental"\n',
    )
    assert world.chosen(file) == {
        "torch": ("2.15.0", "main"), "own": ("1.0", "other"), "helper": ("1.0", "main")
    }  # fmt: skip
    assert world.other.asked("/simple/helper/") == ()


def test_a_project_of_pdm(world: World) -> None:
    file = world.write(
        "pyproject.toml",
        '[project]\nname = "me"\nversion = "1"\ndependencies = ["torch", "public"]\n'
        '[[tool.pdm.source]]\nname = "pypi"\nurl = "MAIN"\n'
        '[[tool.pdm.source]]\nname = "own"\nurl = "OTHER"\ninclude_packages = ["tor*"]\n',
    )
    assert world.chosen(file) == {"torch": ("2.15.0+cpu", "other"), "public": ("1.0", "main")}
    assert world.main.asked("/simple/torch/") == ()


def test_a_lock_of_pipenv(world: World) -> None:
    digest = world.other.sha256_of("own-1.0-py3-none-any.whl")
    meta = '{"pipfile-spec": 6, "sources": [{"name": "a", "url": "MAIN"}, {"name": "b", "url": "OTHER"}]}'
    entries = f'{{"own": {{"version": "==1.0", "index": "b", "hashes": ["sha256:{digest}"]}}, "public": '
    entries += f'{{"version": "==1.0", "hashes": ["sha256:{world.main.sha256_of("public-1.0-py3-none-any.whl")}"]}}}}'
    file = world.write("Pipfile.lock", f'{{"_meta": {meta}, "default": {entries}, "develop": {{}}}}')
    assert world.chosen(file) == {"own": ("1.0", "other"), "public": ("1.0", "main")}
    assert world.main.asked("/simple/own/") == ()
    assert world.warned_of(file) == {}


def test_the_places_that_answered_are_told(world: World) -> None:
    told = " ".join(world.check("app", *flags(world)).stdout.split())
    assert f"app, helper from {world.main.url}; torch from {world.other.url}" in told
    assert "several indexes answered" not in world.check("helper", *flags(world)).stdout


# A name on two indexes


def test_a_project_that_two_indexes_have_is_a_warning(world: World) -> None:
    assert world.warned_of("app", *flags(world)) == {"torch": [world.main.url, world.other.url]}
    outcome = world.check("app", *flags(world))
    assert outcome.status == 0
    assert outcome.stdout.count("on several indexes, any of which could provide it") == 1


def test_on_several_targets_it_is_one_warning(world: World) -> None:
    outcome = world.check("torch", *flags(world), "--platform", "linux-x86_64,windows-amd64")
    assert outcome.stdout.count("any of which could provide it") == 1


def test_where_one_index_counts_there_is_nothing_to_warn_of(world: World, tmp_path: Path) -> None:
    assert world.warned_of("app", *flags(world), "--index-strategy", "first-index") == {}
    write_links_dir(OTHER, tmp_path / "wheels")
    arguments = ("app", "--index-url", world.main.url, "--find-links", str(tmp_path / "wheels"))
    assert world.chosen(*arguments)["torch"] == ("2.15.0+cpu", str(tmp_path / "wheels"))
    assert world.warned_of(*arguments) == {}
    page = f'<a href="../../wheels/{TORCH[0]}">x</a>'
    simple = Path(world.write("simple/torch/index.html", page)).parents[1]
    arguments = ("app", "--index-url", world.main.url, "--extra-index-url", str(simple))
    assert world.chosen(*arguments)["torch"][0] == "2.15.0+cpu"
    assert world.warned_of(*arguments) == {}


# Replay


def test_a_changed_variable_and_a_changed_file_are_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pip_configuration, "GLOBAL_DIRECTORY", str(world.directory / "etc"))
    monkeypatch.setenv("VIRTUAL_ENV", str(world.directory / "venv"))
    monkeypatch.setenv("PIP_CONFIG_FILE", world.write("pip.conf", "[global]\nindex-url = MAIN\n"))
    assert world.chosen("torch") == {"torch": ("2.15.0", "main")}
    world.main.forget()
    assert world.chosen("torch") == {"torch": ("2.15.0", "main")}
    assert world.main.requests == (), "nothing has changed: the answer is given again"
    world.write("pip.conf", "[global]\nindex-url = MAIN\nextra-index-url = OTHER\n")
    assert world.chosen("torch") == {"torch": ("2.15.0+cpu", "other")}
    world.write("venv/pip.conf", "[install]\nextra-index-url = MAIN\n")
    assert world.chosen("torch") == {"torch": ("2.15.0", "main")}
    monkeypatch.setenv("PIP_INDEX_URL", world.other.url)
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", world.other.url)
    assert world.chosen("torch") == {"torch": ("2.15.0+cpu", "other")}


def test_find_links_of_pip_do_not_keep_an_answer_from_being_given_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = world.directory / "wheels"
    write_links_dir(OTHER, wheels)
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    arguments = ("own", "--index-url", world.main.url)
    first = world.chosen(*arguments)
    assert first["own"] == ("1.0", str(wheels))
    with monkeypatch.context() as patch:
        patch.setattr(walk, "walk_all", None)
        assert world.chosen(*arguments) == first
    (wheels / "own-1.0-py3-none-any.whl").unlink()
    assert "own" in world.chosen(*arguments)
    assert world.check(*arguments).status == 3


def test_a_page_of_a_local_index_that_changes_is_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    write_links_dir(OTHER, world.directory / "files")
    link = '<a href="../../files/{}#sha256={}">x</a>'
    links = [link.format(name, world.other.sha256_of(name)) for name in TORCH]
    page = world.directory / "simple" / "torch" / "index.html"
    monkeypatch.setenv("PIP_INDEX_URL", page.parents[1].as_uri())
    assert world.check("torch").status == 3
    world.write("simple/torch/index.html", links[0])
    assert world.check("torch").status == 1
    with monkeypatch.context() as patch:
        patch.setattr(walk, "walk_all", None)
        assert world.check("torch").status == 1
    world.write("simple/torch/index.html", "".join(links))
    assert world.check("torch").status == 0


def test_an_old_answer_is_checked_at_the_indexes_of_the_configuration(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", world.main.url)
    monkeypatch.setenv("UV_INDEX", world.other.url)
    first = world.chosen("app")
    world.main.forget()
    with monkeypatch.context() as patch:
        patch.setattr(walk, "walk_all", None)
        assert world.chosen("app", "--max-age", "0") == first
    assert {request.path for request in world.main.requests} == {"/simple/app/", "/simple/helper/"}
    world.other.replace(MAIN)
    assert world.chosen("app", "--refresh")["torch"] == ("2.15.0", "other")


def test_no_file_is_read_where_pip_reads_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.write("venv/pip.conf", "[global]\nindex-url = OTHER\n")
    monkeypatch.setenv("VIRTUAL_ENV", str(world.directory / "venv"))
    assert os.environ["PIP_CONFIG_FILE"] == os.devnull
    monkeypatch.setenv("PIP_INDEX_URL", world.main.url)
    assert world.chosen("torch") == {"torch": ("2.15.0", "main")}
