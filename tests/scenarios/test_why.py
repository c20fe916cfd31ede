"""``nogilcheck why``: one distribution explained, asked on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.asking import joined
from tests.support.command import Outcome, run
from tests.support.graph_reader import read_dot, read_mermaid
from tests.world import SHAPES, Index, parse, serve

UNIVERSE = parse(
    """
    [projects.app]
    "1.0" = { requires = ["middle>=1", "other", "speedups ; python_version >= '3.15'"], extras.fast = ["native<3"] }

    [projects.middle]
    "1.5" = { requires = ["native>=2"] }

    [projects.other]
    "1.0" = { requires = ["native"] }

    [projects.native]
    "1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"], upload-time = "2024-01-02T00:00:00Z" }
    [projects.native."2.0"]
    wheels = [
        "cp314-cp314-manylinux_2_28_x86_64", "cp315-cp315-manylinux_2_28_x86_64", "cp315-cp315t-manylinux_2_28_x86_64",
    ]
    sdist = { native = ["c", "rust"] }
    upload-time = "2025-03-04T05:06:07Z"
    fields.Project-URL = ["Source, https://forge.example/native", "Bug Tracker, https://bob:secret@forge.example/bugs"]
    fields.Classifier = ["Programming Language :: Python :: Free Threading :: 1 - Unstable"]

    [projects.server]
    "1.0" = { extras = { fast = ["native"], all = ["server[fast]"] } }

    [projects.speedups]
    status = "archived"
    "1.0" = { wheels = ["cp315-cp315-manylinux_2_28_x86_64", "cp315-cp315t-manylinux_2_28_x86_64"] }
    "1.1" = { wheels = ["cp315-cp315-manylinux_2_28_x86_64"], upload-time = "2026-02-03T00:00:00Z" }
    """
)


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(UNIVERSE, SHAPES["pypi"]) as served:
        yield served


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.txt").write_text("# mine\napp[fast]\nother==1.0\n", encoding="utf-8")
    return tmp_path


def why(index: Index, *arguments: str) -> Outcome:
    return run("why", *arguments, "--index-url", index.url, "--no-cache")


def explained(index: Index, *arguments: str) -> Any:
    outcome = why(index, *arguments, "--format", "json")
    assert (outcome.status, outcome.stderr) == (0, "")
    return json.loads(outcome.stdout)


@pytest.mark.usefixtures("here")
def test_a_blocker_is_explained(index: Index) -> None:
    outcome = why(index, "Native", "r.txt")
    assert (outcome.status, outcome.stderr) == (0, "")
    text = joined(outcome.stdout)
    blocks = [block.split("\n") for block in outcome.stdout.split("\n\n")]
    assert blocks[1][0] == "native 2.0"
    assert "no wheel for this Python on 3.14t" in text
    assert "ready, free-threaded on 3.15t installs native-2.0-cp315-cp315t-manylinux_2_28_x86_64.whl" in text
    assert (
        "\n".join(blocks[2])
        == ("Required by\n  r.txt:2  app[fast] → native <3\n  r.txt:3  other ==1.0 → native\n").rstrip()
    )
    assert (
        "Holds back 3 other distributions cannot be installed without it, among them all 2 of your requirements: "
        "app (r.txt:2) and other (r.txt:3)" in text
    )
    assert f"On {index.url}" in text
    assert "3.14t: no release has free-threaded wheels that fit" in text
    assert "3.15t: free-threaded wheels since 2.0, 2025-03-04" in text
    assert (
        "the latest release (the one selected): 2.0, 2025-03-04, with free-threaded wheels, GIL-only wheels and "
        "an sdist" in text
    )
    assert "native-2.0.tar.gz needs a compiler to be built (C, Rust" in text
    assert "What would free it" in text
    assert "repository https://forge.example/native" in text
    assert "secret" not in outcome.stdout
    assert "2.0 claims `Free Threading :: 1 - Unstable` for itself" in text


@pytest.mark.usefixtures("here")
def test_what_only_one_target_has(index: Index) -> None:
    text = joined(why(index, "speedups", "r.txt").stdout)
    assert "GIL-only on 3.15t" in text
    assert "not in the graph, or at another version, on 3.14t" in text
    assert 'r.txt:2 app → speedups ; python_version >= "3.15"' in text
    assert "archived: no further releases are to be expected" in text
    assert "free-threaded wheels in 1.0, 2026-01-01, and in no release since" in text


@pytest.mark.usefixtures("here")
def test_what_is_ready_is_explained_too(index: Index) -> None:
    text = joined(why(index, "middle", "-r", "r.txt", "--python", "3.14t").stdout)
    assert "ready, pure on 3.14t installs middle-1.5-py3-none-any.whl" in text
    assert "Needed by app (r.txt:2) cannot be installed without it" in text
    assert "What would free it" not in text


@pytest.mark.usefixtures("here")
def test_what_the_user_requires_alone(index: Index) -> None:
    text = joined(why(index, "app", "r.txt").stdout)
    assert "you require it yourself (r.txt:2); nothing else needs it" in text


@pytest.mark.usefixtures("here")
def test_without_a_file_it_is_about_the_project_here(index: Index) -> None:
    Path("requirements.txt").write_text("other\n", encoding="utf-8")
    found = explained(index, "native")
    assert [one["path"] for one in found["inputs"]] == ["requirements.txt"]


@pytest.mark.usefixtures("here")
def test_json(index: Index) -> None:
    found = explained(index, "native", "r.txt")
    assert (found["schema_version"], found["project"]) == ("1.0", "native")
    old, new = found["distributions"]
    assert (old["target"], old["version"], old["verdict"]["status"]) == ("cp314t-linux_x86_64", "2.0", "other-python")
    assert new["verdict"]["severity"] == "ready"
    assert old["paths"] == [
        {
            "root": 0,
            "edges": [
                {"name": "app", "version": "1.0", "specifier": "", "extra": None, "marker": None},
                {"name": "native", "version": "2.0", "specifier": "<3", "extra": "fast", "marker": 'extra == "fast"'},
            ],
        },
        {
            "root": 1,
            "edges": [
                {"name": "other", "version": "1.0", "specifier": "==1.0", "extra": None, "marker": None},
                {"name": "native", "version": "2.0", "specifier": "", "extra": None, "marker": None},
            ],
        },
    ]
    assert (old["more_paths"], old["needed_by"]) == (0, 3)
    assert old["direct"] == [
        {"name": "app", "version": "1.0", "roots": [0], "extras": []},
        {"name": "other", "version": "1.0", "roots": [1], "extras": []},
    ]
    assert [finding["status"] for finding in old["findings"]] == ["other-python"]
    since = {"version": "2.0", "uploaded": "2025-03-04"}
    assert found["index"] == {
        "indexes": [index.url],
        "status": "active",
        "newest": since,
        "ships": ["cp3XYt", "cp3XY"],
        "sdist": True,
        "offers": [
            {"target": "cp314t-linux_x86_64", "first": None, "last": None, "fitting": None, "pre_release": None},
            {"target": "cp315t-linux_x86_64", "first": since, "last": since, "fitting": since, "pre_release": None},
        ],
    }
    (sdist,) = found["sdists"]
    assert (sdist["file"], sdist["compiles"], sdist["problem"]) == ("native-2.0.tar.gz", True, None)
    assert found["upstream"] == {
        "version": "2.0",
        "links": {"issues": "https://forge.example/bugs", "source": "https://forge.example/native"},
        "free_threading": ["1 - Unstable"],
    }


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(("language", "read"), [("mermaid", read_mermaid), ("dot", read_dot)])
def test_a_drawing_of_the_chains_or_of_all_that_leads_there(index: Index, language: str, read: Any) -> None:
    few = read(why(index, "native", "r.txt", "--format", language).stdout)
    assert few.named_edges == {
        ("r.txt:2", "app 1.0", ""),
        ("app 1.0", "native 2.0", "[fast] <3"),
        ("r.txt:3", "other 1.0", "==1.0"),
        ("other 1.0", "native 2.0", ""),
    }
    assert few.lines("native 2.0") == ["native 2.0", "3.14t: no wheel for this Python", "3.15t: ready (free-threaded)"]
    every = read(why(index, "native", "r.txt", "--format", language, "-v").stdout)
    assert every.named_edges - few.named_edges == {
        ("app 1.0", "middle 1.5", ">=1"),
        ("middle 1.5", "native 2.0", ">=2"),
        ("app 1.0", "other 1.0", ""),
    }


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nativ", "r.txt"), ("r.txt: nothing requires nativ on 3.14t, 3.15t", "did you mean native?")),
        (("unrelated-name", "r.txt"), ("nothing requires unrelated-name", "`nogilcheck check -v` lists")),
        (("native>=2", "r.txt"), ("'native>=2' is not a valid project name", "without version or extras")),
        (("native", "r.txt", "--format", "sarif"), ("invalid value 'sarif' for --format", "mermaid")),
        (("native", "r.txt", "--offline", "--refresh"), ("contradict",)),
        (("native", "absent.txt"), ("absent.txt",)),
        ((), ("NAME",)),
    ],
)
def test_what_cannot_be_explained_ends_with_2(index: Index, arguments: tuple[str, ...], said: tuple[str, ...]) -> None:
    outcome = why(index, *arguments)
    assert (outcome.status, outcome.stdout) == (2, "")
    for text in said:
        assert text in joined(outcome.stderr)


@pytest.mark.usefixtures("here")
def test_the_file_given_first_is_told_apart(index: Index) -> None:
    outcome = why(index, "r.txt", "native")
    assert outcome.status == 2
    assert "the name of the project comes first: nogilcheck why NAME r.txt" in joined(outcome.stderr)


def test_what_could_not_be_determined_is_said(index: Index, here: Path) -> None:
    (here / "r.txt").write_text("other\nthere-is-none\n", encoding="utf-8")
    assert "1 unknown (`nogilcheck check` lists them)" in joined(why(index, "native", "r.txt").stdout)
    outcome = why(index, "app", "r.txt")
    assert outcome.status == 2
    assert "as far as is known (1 unknown: see" in joined(outcome.stderr)
    text = joined(why(index, "there-is-none", "r.txt").stdout)
    assert "there-is-none unknown on 3.14t and 3.15t" in text
    assert "r.txt:2 there-is-none" in text


def test_a_direct_reference_is_not_looked_up_on_the_index(index: Index, here: Path) -> None:
    """Another project may have the name there."""
    wheel = index.base + "/files/native-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"
    (here / "r.txt").write_text(f"native @ {wheel}\n", encoding="utf-8")
    found = explained(index, "native", "r.txt", "--python", "3.14t")
    assert (found["distributions"][0]["version"], found["index"]) == ("1.0", None)
    assert not index.asked("/simple/native/")


@pytest.mark.usefixtures("here")
def test_no_more_is_asked_than_for_a_check_and_the_sdist_of_a_blocker(index: Index, cache_dir: Path) -> None:
    options = ("r.txt", "--index-url", index.url, "--cache-dir", str(cache_dir))
    assert run("check", *options).status == 1
    index.forget()
    assert run("why", "middle", *options).status == 0
    assert index.requests == ()
    assert run("why", "native", *options).status == 0
    assert len(index.asked("*native-2.0.tar.gz")) == 2  # for its metadata, as far as need be, and for its source
    index.forget()
    assert run("why", "native", *options).status == 0
    assert index.requests == ()
    assert run("why", "native", *options, "--offline").status == 0


def test_a_lock_is_followed(index: Index, here: Path) -> None:
    name = "native-1.0-cp314-cp314-manylinux_2_28_x86_64.whl"
    lines = (
        'lock-version = "1.0"', 'created-by = "tests"', "[[packages]]", 'name = "native"', 'version = "1.0"',
        f'index = "{index.url}"', "[[packages.wheels]]", f'name = "{name}"', f'url = "{index.base}/files/{name}"',
        f'hashes = {{ sha256 = "{"0" * 64}" }}',
    )  # fmt: skip
    (here / "pylock.toml").write_text("\n".join(lines), encoding="utf-8")
    found = explained(index, "native", "pylock.toml", "--python", "3.15t")
    (one,) = found["distributions"]
    assert one["version"] == "1.0"
    assert found["index"]["newest"]["version"] == "2.0"


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["g.mmd", "g.mermaid", "g.dot", "g.gv"])
def test_a_file_name_asks_for_a_drawing(index: Index, name: str) -> None:
    read = read_mermaid if "m" in name else read_dot
    assert why(index, "native", "r.txt", "--output", name).stdout == ""
    assert "native 2.0" in {lines[0] for lines in read(Path(name).read_text(encoding="utf-8")).labels.values()}
    outcome = run("check", "r.txt", "--index-url", index.url, "--no-cache", "-o", name)
    assert (outcome.status, outcome.stdout) == (1, "")
    assert read(Path(name).read_text(encoding="utf-8")).role("r.txt:3") is not None


def test_help_names_it() -> None:
    assert "nogilcheck why" in run("--help").stdout
    assert "exit status: 0 explained" in joined(run("why", "--help").stdout).lower()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("server[fast]", "server[fast] (r.txt:1) cannot be installed without it"),
        ("server[all]", "server[all] (r.txt:1) cannot be installed without it"),
        ("server[fast]\nother", "server[fast] (r.txt:1) and other (r.txt:2) cannot be installed without it"),
        ("server\nserver[fast]", "server[fast] (r.txt:2) cannot be installed without it"),
        ("app[fast]", "among them what you require: app (r.txt:1)"),
    ],
)
def test_what_only_an_extra_requires(lines: str, expected: str, index: Index) -> None:
    Path("r.txt").write_text(f"{lines}\n", encoding="utf-8")
    text = joined(why(index, "native", "r.txt", "--python", "3.14t").stdout)
    assert expected in text
    assert "server (r.txt:1) cannot" not in text


@pytest.mark.usefixtures("here")
def test_what_is_required_under_a_marker(index: Index) -> None:
    Path("r.txt").write_text("app\n", encoding="utf-8")
    text = joined(why(index, "speedups", "r.txt").stdout)
    assert 'app (r.txt:1) cannot be installed without it where `python_version >= "3.15"`' in text
