"""What `frozen` makes of a class is what `dataclasses` makes of it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, replace
from typing import Any

import pytest

from nogilcheck.frozen import frozen


class _Point:
    """A point."""

    x: int
    y: int = 2
    names: list[str] = field(default_factory=list)
    secret: str = field(default="", repr=False, compare=False)
    made: Mapping[str, int] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        if self.x < 0:
            raise ValueError("x")


class _Single:
    """One value."""

    only: str = "a"


class _Empty:
    """None."""


def _both(cls: type) -> tuple[Any, Any]:
    def body() -> dict[str, Any]:
        return {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}

    make: Any = dataclass(frozen=True, slots=True, kw_only=True)
    return frozen(type(cls.__name__, (), body())), make(type(cls.__name__, (), body()))


@pytest.mark.parametrize(
    ("cls", "given"),
    [
        (_Point, {"x": 1}),
        (_Point, {"x": 1, "y": 3, "names": ["a"], "secret": "b"}),
        (_Point, {"x": -1}),
        (_Point, {}),
        (_Point, {"x": 1, "z": 1}),
        (_Point, {"x": 1, "made": {}}),
        (_Single, {}),
        (_Single, {"only": "b"}),
        (_Empty, {}),
    ],
)
def test_an_instance_is_what_dataclasses_make(cls: type, given: dict[str, Any]) -> None:
    def told(made: Any) -> Any:
        try:
            value = made(**given)
        except (TypeError, ValueError) as error:
            return type(error)
        assert value == made(**given)
        assert value != object()
        assert not hasattr(value, "__dict__")
        return repr(value), asdict(value), repr(replace(value)), [each.name for each in fields(value)]

    ours, theirs = _both(cls)
    assert told(ours) == told(theirs)


def test_values_that_are_equal_have_the_same_hash() -> None:
    single, _ = _both(_Single)
    assert hash(single(only="b")) == hash(single(only="b"))
    assert single(only="b") != single(only="a")
    point, _ = _both(_Point)
    assert point(x=1, secret="a") == point(x=1, secret="b")
    with pytest.raises(TypeError, match="unhashable"):
        hash(point(x=1))


def test_a_factory_is_called_for_each_instance() -> None:
    point, _ = _both(_Point)
    assert point(x=1).names is not point(x=1).names


def test_nothing_of_it_can_be_changed() -> None:
    single, _ = _both(_Single)
    value = single()
    with pytest.raises(FrozenInstanceError):
        value.only = "b"
    with pytest.raises(FrozenInstanceError):
        value.other = "b"
    with pytest.raises(FrozenInstanceError):
        del value.only
    assert value == single()


@frozen
class Kept:
    """A value that can be found by its name."""

    first: int
    second: tuple[str, ...] = ()


def test_it_can_be_copied_and_pickled() -> None:
    value = Kept(first=1, second=("a",))
    for again in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert again == value
