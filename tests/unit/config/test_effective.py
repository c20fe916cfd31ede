"""Defaults < file < environment < flags."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from nogilcheck.config.effective import EffectiveSettings, merge_layers
from nogilcheck.config.file import find_config
from nogilcheck.config.option_table import SETTINGS
from nogilcheck.errors import UsageError
from tests.support.command import run


def effective(
    here: Path, toml: str | None = None, flags: dict[str, object] | None = None, /, **environ: str
) -> EffectiveSettings:
    """The settings with this file in the directory."""
    if toml is not None:
        (here / "nogilcheck.toml").write_text(toml, encoding="utf-8")
    environ = {f"NOGILCHECK_{name.upper()}": value for name, value in environ.items()}
    return merge_layers(flags or {}, environ, find_config(here), here)


def test_each_layer_replaces_the_one_below(tmp_path: Path) -> None:
    toml = "\npython = ['3.13t']\n"

    def said(*arguments: Any, **environ: str) -> tuple[object, str]:
        settings = effective(tmp_path, toml, *arguments, **environ)
        (python,) = (setting for setting in settings.settings if setting.name == "python")
        assert settings.flags.get("python") == (python.value if python.origin != "default" else None)
        return python.value, settings.where(python)

    assert said() == (["3.13t"], "nogilcheck.toml:2")
    assert said(python="3.14t, 3.15t") == (["3.14t", "3.15t"], "NOGILCHECK_PYTHON")
    assert said({"python": ["3.16t"]}, python="3.14t") == (["3.16t"], "--python")
    assert said({"python": None}, python=" ") == (["3.13t"], "nogilcheck.toml:2")
    toml = ""
    assert said() == (["3.14t", "3.15t"], "default")


TOML = """
inputs = ["r.txt", "pandas>=2"]
input-format = "requirements"
constraint = "c.txt"
extra = ["a", "b"]
all-groups = true
no-index = false
index-url = "https://h/simple"
extra-index-url = ["https://i/simple"]
index-strategy = "first-index"
find-links = "links"
only-binary = ":all:"
exclude-newer = 2026-11-22
max-age = 60
cache-dir = "c"
fail-on = "new"
baseline = "b.json"
"""


def test_everything_that_a_file_says_arrives_as_a_flag_would(tmp_path: Path) -> None:
    settings = effective(tmp_path, TOML)
    assert settings.flags == {
        "inputs": ["r.txt", "pandas>=2"],
        "input_format": "requirements",
        "constraint": ["c.txt"],
        "extra": ["a", "b"],
        "all_groups": True,
        "no_index": False,
        "index_url": "https://h/simple",
        "extra_index_url": ["https://i/simple"],
        "index_strategy": "first-index",
        "find_links": ["links"],
        "only_binary": [":all:"],
        "exclude_newer": "2026-11-22",
        "max_age": 60,
        "cache_dir": "c",
        "fail_on": ["new"],
        "baseline": "b.json",
    }
    assert [setting.option for setting in settings.settings] == list(SETTINGS)


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    below = tmp_path / "src"
    below.mkdir()
    (tmp_path / "reqs").mkdir()
    (tmp_path / "nogilcheck.toml").write_text(
        'inputs = ["r.txt", "reqs", "pandas>=2", "numpy", "x @ https://h/x.whl", "-", "https://h/r.txt", "sub/file"]\n'
        'find-links = ["links", "https://h/", "~/wheels"]\nenv = "current"\nbaseline = "b.json"\nindex-url = "mirror"',
        encoding="utf-8",
    )
    flags = (
        effective(below).flags
        if (below / "nogilcheck.toml").exists()
        else merge_layers({}, {}, find_config(below), below).flags
    )
    up = str(Path("..")) + "/"
    assert flags["inputs"] == [
        f"{up}r.txt", f"{up}reqs", "pandas>=2", "numpy", "x @ https://h/x.whl", "-", "https://h/r.txt", f"{up}sub/file"
    ]  # fmt: skip
    assert (flags["find_links"], flags["env"]) == ([f"{up}links", "https://h/", "~/wheels"], "current")
    assert (flags["baseline"], flags["index_url"]) == (f"{up}b.json", f"{up}mirror")


@pytest.mark.parametrize("flags", [{"inputs": ["x.txt"]}, {"requirement": ["x.txt"]}, {"env": ".venv"}])
def test_whoever_names_what_is_checked_names_all_of_it(tmp_path: Path, flags: dict[str, object]) -> None:
    toml = "inputs = ['r.txt']\nenv = 'venv'\npython = '3.14t'"
    assert effective(tmp_path, toml).flags == {"inputs": ["r.txt"], "env": "venv", "python": ["3.14t"]}
    assert effective(tmp_path, toml, flags).flags == {**flags, "python": ["3.14t"]}
    assert effective(tmp_path, toml, inputs="a.txt b.txt").flags == {"inputs": ["a.txt", "b.txt"], "python": ["3.14t"]}


def test_variables_of_every_kind(tmp_path: Path) -> None:
    flags = effective(
        tmp_path, "", extra_index_url="https://a https://b", only_binary="numpy, pandas", pre="Yes", offline="0",
        max_age="7", index_strategy="merge", group="a b,c",
    ).flags  # fmt: skip
    assert flags == {
        "extra_index_url": ["https://a", "https://b"],
        "only_binary": ["numpy", "pandas"],
        "pre": True,
        "offline": False,
        "max_age": 7,
        "index_strategy": "merge",
        "group": ["a", "b", "c"],
    }


@pytest.mark.parametrize(
    ("environ", "mentioned"),
    [
        ({"pre": "maybe"}, "NOGILCHECK_PRE: expected true or false"),
        ({"max_age": "-1"}, "NOGILCHECK_MAX_AGE: invalid value '-1'"),
        ({"max_age": "soon"}, "NOGILCHECK_MAX_AGE: invalid value 'soon'"),
        ({"scan_limit": "much"}, "NOGILCHECK_SCAN_LIMIT: invalid value 'much'"),
        ({"exclude_newer": "soon"}, "NOGILCHECK_EXCLUDE_NEWER: invalid value 'soon'"),
        ({"index_strategy": "best"}, "NOGILCHECK_INDEX_STRATEGY: invalid value 'best'"),
    ],
)
def test_a_variable_of_the_wrong_type(tmp_path: Path, environ: dict[str, str], mentioned: str) -> None:
    with pytest.raises(UsageError, match=mentioned):
        effective(tmp_path, "", **environ)


def test_a_flag_of_zero_is_a_flag(tmp_path: Path) -> None:
    settings = effective(tmp_path, "max-age = 60\npre = true", {"max_age": 0, "pre": False, "python": []})
    assert settings.flags == {"max_age": 0, "pre": True, "python": []}
    assert settings.value("max-age") == 0


def test_a_misspelt_variable_is_told_and_others_are_somebody_elses(tmp_path: Path) -> None:
    settings = effective(tmp_path, "", pyton="3.14t", my_own_thing="x", cache_dir="c")
    assert settings.warnings == ("the variable NOGILCHECK_PYTON is not known: did you mean NOGILCHECK_PYTHON?",)


def test_a_file_that_is_ignored_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.nogilcheck]\n", encoding="utf-8")
    assert effective(tmp_path, "").warnings == (
        "the settings in pyproject.toml are ignored: nogilcheck.toml is beside it",
    )


@pytest.mark.parametrize(
    ("toml", "line", "message", "hint"),
    [
        ("fail_on = 'new'", 1, "unknown setting: 'fail_on'", "did you mean 'fail-on'?"),
        ("pre = true\npyton = '3.14t'", 2, "unknown setting: 'pyton'", "did you mean 'python'?"),
        ("targets = ['3.14t']", 1, "unknown setting: 'targets'", "`python` and `platform`"),
        ("ignore = ['x']", 1, "unknown setting: 'ignore'", "waivers"),
        ("[tool.nogilcheck]\npre = true", 1, "unknown setting: 'tool'", "without [tool.nogilcheck]"),
        ("zzzzzzzz = 1", 1, "unknown setting: 'zzzzzzzz'", "known: inputs, "),
        ("pre = 'yes'", 1, "pre: expected true or false, found a string", ""),
        ("pre = 1", 1, "pre: expected true or false, found an integer", ""),
        ("max-age = true", 1, "max-age: expected a number, not negative, found true or false", ""),
        ("max-age = -1", 1, "max-age: expected a number, not negative, found an integer", ""),
        ("python = 3.14", 1, "python: expected an array of strings, or a string with commas, found a float", ""),
        ("python = [\n '3.14t',\n 3.15\n]", 3, "python: expected a string that is not empty, found a float", ""),
        ("python = ''", 1, "python: expected a string that is not empty, found an empty string", ""),
        ("index-url = ['x']", 1, "index-url: expected a string, found an array", ""),
        ("index-url = ''", 1, "index-url: expected a string, found an empty string", ""),
        (
            "index-strategy = 'first'",
            1,
            "invalid value 'first' for --index-strategy (did you mean 'first-index'?)",
            "allowed: merge",
        ),
        ("exclude-newer = 7", 1, "exclude-newer: expected a string, found an integer", ""),
        ("pre = true\nexclude-newer = 'soon'", 2, "invalid value 'soon' for --exclude-newer", "2026-11-22"),
        ("pre = true\nscan-limit = 'much'", 2, "invalid value 'much' for --scan-limit", "500MB"),
        ("severity = 'off'", 1, "severity: expected a table of rules and severities, found a string", ""),
        ("[waivers]\nrule = 'x'", 1, "waivers: expected an array of tables, found a table", ""),
        ("waivers = ['grpcio']", 1, "waivers: expected an array of tables, found an array", ""),
    ],
)
def test_what_is_wrong_with_a_file_is_told_at_its_line(
    tmp_path: Path, toml: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as caught:
        effective(tmp_path, toml)
    assert str(caught.value) == f"nogilcheck.toml:{line}: {message}"
    assert hint in (caught.value.hint or "")


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    toml = "\n".join(f"unknown{number} = {number}" for number in range(7))
    with pytest.raises(UsageError) as caught:
        effective(tmp_path, toml)
    lines = str(caught.value).split("\n")
    assert [line.strip().split(": ")[0] for line in lines] == [
        *(f"nogilcheck.toml:{number}" for number in range(1, 6)), "and 2 more"
    ]  # fmt: skip


def test_an_error_is_placed_where_the_setting_at_fault_comes_from(tmp_path: Path) -> None:
    settings = effective(tmp_path, "pre = true\npython = ['3.12t']", {"scan": True}, extra="soon")

    def placed(setting: str | None, where: str | None = None) -> str:
        return str(settings.with_place(UsageError("wrong", setting=setting, where=where)))

    assert placed("python") == "nogilcheck.toml:2: wrong"
    assert placed("extra") == "NOGILCHECK_EXTRA: wrong"
    assert placed("scan") == placed("platform") == placed(None) == "wrong"
    assert placed("python", "here") == "here: wrong"


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        ("python = '3.12t'", "invalid value '3.12t' for --python"),
        ("python = '3.7'", "invalid value '3.7' for --python"),
        ("allow-target = '3.x'", "invalid value '3.x' for --allow-target"),
        ("platform = 'amiga'", "invalid value 'amiga' for --platform"),
        ("extra = 'tests'", "invalid value 'tests' for --extra"),
        ("group = 'tests'", "invalid value 'tests' for --group"),
        ("input-format = 'zip'", "invalid value 'zip' for --input-format"),
        ("inputs = ['no such thing']", "is neither a file nor a valid requirement"),
        ("env = 'current'", "no environment is active"),
        ("constraint = ''", "constraint: expected a string"),
        ("index-url = 'ftp://host/'", "invalid value for --index-url"),
        ("extra-index-url = 'ftp://host/'", "invalid value for --extra-index-url"),
        ("only-binary = '!'", "invalid value '!' for --only-binary"),
        ("fail-on = 'blokcer'", "invalid value 'blokcer' for --fail-on"),
        ("fail-on = 'new'", "--fail-on new needs a baseline"),
        ("offline = true", "--offline and --refresh contradict each other"),
    ],
)
def test_a_check_tells_the_line_of_the_setting_at_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toml: str, message: str
) -> None:
    """Also where the file holds several settings with the value at fault."""
    (tmp_path / "requirements.txt").write_text("", encoding="utf-8")
    (tmp_path / "nogilcheck.toml").write_text(f"cache-dir = '3.12t'\n{toml}\nno-binary = 'tests'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    names_input = toml.startswith(("inputs", "env"))
    outcome = run("--refresh" if "offline" in toml else "--offline", *([] if names_input else ["requirements.txt"]))
    assert outcome.status == 2
    assert "nogilcheck.toml:2: " in outcome.stderr
    assert message in outcome.stderr
