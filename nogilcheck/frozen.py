"""Frozen dataclasses that cost little to define: a check defines more than a hundred, and makes instances of half.

`dataclasses` compiles six methods for each class, a fifth of the time of all imports. Here one is compiled, the
constructor, when the first instance is made; the others are the same functions for all classes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class what ``@dataclass(frozen=True, slots=True, kw_only=True)`` makes of it."""
    made: Any = dataclass(init=False, repr=False, eq=False, slots=True, kw_only=True)(cls)
    compared = _getter([each.name for each in fields(made) if each.compare])

    def init(self: Any, **given: Any) -> None:
        made.__init__ = _constructor(made)
        made.__init__(self, **given)

    def is_equal(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(compared(self))

    made.__init__, made.__eq__, made.__hash__, made.__repr__ = init, is_equal, hashed, _shown
    made.__setattr__ = made.__delattr__ = _refuse
    made.__getstate__, made.__setstate__ = _state, _restore
    result: type[T] = made
    return result


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these attributes."""
    match names:
        case []:
            return lambda _: ()
        case [name]:
            return lambda value: (getattr(value, name),)
    return attrgetter(*names)


def _constructor(cls: Any) -> Any:
    """The ``__init__`` of a class."""
    known: dict[str, Any] = {"_MISSING": MISSING}
    parameters, lines = [], []
    for each in fields(cls):
        name, value = each.name, each.name
        known[f"_set_{name}"] = getattr(cls, name).__set__
        if each.default_factory is not MISSING:
            known[f"_make_{name}"] = each.default_factory
            value = f"_make_{name}() if {name} is _MISSING else {name}" if each.init else f"_make_{name}()"
        if each.init:
            known[f"_default_{name}"] = each.default
            has_default = each.default is not MISSING or each.default_factory is not MISSING
            parameters.append(f"{name}=_default_{name}" if has_default else name)
        lines.append(f"_set_{name}(self, {value})")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    text = f"def __init__(self{', *, ' if parameters else ''}{', '.join(parameters)}): {'; '.join(lines) or 'pass'}"
    made: dict[str, Any] = {}
    exec(text, known, made)  # noqa: S102  as `dataclasses` does
    return made["__init__"]


def _shown(self: Any) -> str:
    told = ", ".join([f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr])
    return f"{type(self).__qualname__}({told})"


def _refuse(_: object, name: str, *__: object) -> NoReturn:
    raise FrozenInstanceError(f"cannot change field {name!r}")


def _state(self: Any) -> list[Any]:
    return [getattr(self, each.name) for each in fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)
