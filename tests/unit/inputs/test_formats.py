from __future__ import annotations

import pytest

from nogilcheck.config.option_table import BY_NAME
from nogilcheck.errors import UsageError
from nogilcheck.inputs.formats import FORMATS, NAMES, format_named, format_of
from nogilcheck.model.source import InputFile


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/pylock.toml", "pylock.toml"),
        ("pylock.dev.toml", "pylock.toml"),
        ("UV.LOCK", "uv.lock"),
        ("tool.py.lock", "uv.lock"),
        ("Pipfile.lock", "Pipfile.lock"),
        ("sub/pyproject.toml", "pyproject.toml"),
        ("setup.cfg", "setup.cfg"),
        ("environment-dev.yaml", "environment.yml"),
        ("run.py", "script"),
        ("requirements.txt", None),
        ("anything", None),
        ("other.toml", None),
        ("other.lock", None),
    ],
)
def test_a_name_tells_the_format(path: str, name: str | None) -> None:
    found = format_of(path)
    assert (found and found.name) == name


@pytest.mark.parametrize("one", FORMATS, ids=lambda one: one.name)
def test_every_format_goes_by_its_name_and_has_a_reader(one: object) -> None:
    for form in FORMATS:
        for name in (form.name, form.name.upper(), form.name.replace(".", "-")):
            assert format_named(name) is form
        assert callable(form.reader())
    assert format_named("requirements") is None


def test_the_help_names_every_format() -> None:
    assert set(BY_NAME["input-format"].details.removeprefix("One of ").rstrip(".").split(", ")) == set(NAMES)


def test_an_unknown_format_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(UsageError) as caught:
        format_named("cargo.lock")
    assert all(name in str(caught.value.hint) for name in NAMES)


def test_locks_are_told_by_their_names_and_say_who_follows_them() -> None:
    for form in FORMATS:
        is_lock = InputFile(path="", kind=form.name, requirements=0).is_lock
        assert is_lock or not form.reader_path.startswith("locks.")
        assert is_lock or not form.installers
