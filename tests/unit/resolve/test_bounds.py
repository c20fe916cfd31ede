"""Which Pythons and environments a project says it is for."""

from __future__ import annotations

import pytest

from nogilcheck.model.source import Bounds, Location
from nogilcheck.resolve.bounds import discouraging, weigh_bounds
from nogilcheck.targets.builds import make_target

T314 = make_target("3.14t", "linux-x86_64")
HERE = Location(path="pyproject.toml", line=5)


def _bounds(requires_python: str | None = None, *environments: str, line: int = 5) -> Bounds:
    where = Location(path="pyproject.toml", line=line)
    return Bounds(project="demo", location=where, requires_python=requires_python, environments=environments)


@pytest.mark.parametrize(
    "bounds",
    [
        _bounds(),
        _bounds(">=3.9"),
        _bounds("nonsense"),
        _bounds(">=3.9", "sys_platform == 'win32'", "sys_platform == 'linux'"),
        _bounds(None, "platform_release >= '6' or python_version >= '3.9'"),
    ],
)
def test_bounds_that_hold_the_target(bounds: Bounds) -> None:
    assert weigh_bounds([bounds], T314) == ((), ())


@pytest.mark.parametrize(
    ("bounds", "told"),
    [
        (_bounds("<3.14"), _bounds("<3.14")),
        # Only what excludes the target is told.
        (_bounds("<3.14", "sys_platform == 'win32'"), _bounds("<3.14")),
        (_bounds(">=3.9", "sys_platform == 'win32'"), _bounds(None, "sys_platform == 'win32'")),
        (_bounds(None, "os_name == 'nt'", "os_name == 'java'"), _bounds(None, "os_name == 'nt'", "os_name == 'java'")),
    ],
)
def test_bounds_that_leave_it_out(bounds: Bounds, told: Bounds) -> None:
    assert weigh_bounds([bounds], T314) == ((told,), ())


def test_what_cannot_be_known_is_a_gap() -> None:
    excluding, (gap,) = weigh_bounds([_bounds(None, "platform_release >= '6'", "os_name == 'nt'")], T314)
    assert (excluding, gap.location) == ((), HERE)
    assert "platform_release >= '6' or os_name == 'nt'" in gap.text


def test_what_a_lock_repeats_is_told_once() -> None:
    other = Bounds(project="other", location=HERE, requires_python="<3.14")
    found, _ = weigh_bounds([_bounds("<3.14"), _bounds("<3.14", line=9), _bounds("<3.13"), other], T314)
    assert found == (_bounds("<3.14"), _bounds("<3.13"), other)


@pytest.mark.parametrize(
    ("specifier", "python"),
    [("!=3.14", "3.14t"), (">=3.9,!=3.14", "3.14t"), (">3.14", "3.14t"), ("!=3.15,>=3.10", "3.15t")],
)
def test_a_requires_python_that_means_the_minor_is_discouraging(specifier: str, python: str) -> None:
    target = make_target(python, "linux-x86_64")
    assert weigh_bounds([_bounds(specifier)], target)[0] == ()
    assert discouraging([_bounds(specifier)], target) == (_bounds(specifier),)


@pytest.mark.parametrize("specifier", [None, "!=3.14.*", "<3.14", "!=3.14.1", "!=3.13", ">3.13", "nonsense", "!=3.15"])
def test_what_excludes_by_the_letter_or_means_something_else_is_not(specifier: str | None) -> None:
    assert discouraging([_bounds(specifier)], T314) == ()


@pytest.mark.parametrize(
    ("pythons", "told"), [((), False), (("3.12", "3.13"), True), (("3.9", "3.14"), False), (("3.15",), False)]
)
def test_classifiers_that_end_before_the_target_are_discouraging(pythons: tuple[str, ...], *, told: bool) -> None:
    bounds = Bounds(project="demo", location=HERE, requires_python=">=3.9", pythons=pythons)
    found = discouraging([bounds], T314)
    assert found == ((Bounds(project="demo", location=HERE, pythons=pythons),) if told else ())
