"""Frozen dataclasses that cost little to define: a check defines more than a hundred, and makes instances of half.

`dataclasses` compiles six methods for each class, a fifth of the time of all imports. Here one is compiled, the
constructor, when the first instance is made; the others are the same functions for all classes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, NoReturn, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Make a class what ``@dataclass(frozen=True, slots=True, kw_only=True)`` makes of it. It has no base."""
    body = {name: value for name, value in vars(cls).items() if name not in ("__dict__", "__weakref__")}
    declared: dict[str, Field[Any]] = {}
    for name in cls.__annotations__:
        default = body.pop(name, MISSING)
        declared[name] = default if isinstance(default, Field) else field(default=default)
    compared = _getter([name for name, each in declared.items() if each.compare])

    def init(self: Any, **given: Any) -> None:
        made.__init__ = _constructor(made, declared)
        made.__init__(self, **given)

    def is_equal(self: Any, other: object) -> Any:
        return compared(self) == compared(other) if other.__class__ is self.__class__ else NotImplemented

    def hashed(self: Any) -> int:
        return hash(compared(self))

    body |= {"__slots__": tuple(declared), "__dataclass_fields__": _Fields(declared)}
    body |= {"__init__": init, "__eq__": is_equal, "__hash__": hashed, "__repr__": _shown}
    body |= {"__setattr__": _refuse, "__delattr__": _refuse, "__getstate__": _state, "__setstate__": _restore}
    made: Any = type(cls.__name__, (), body)
    result: type[T] = made
    return result


class _Fields:
    """What `dataclasses` knows a class by, for `fields` and `replace`: made when it is first asked for."""

    def __init__(self, declared: Mapping[str, Field[Any]]) -> None:
        self._declared = declared

    def __get__(self, _: object, cls: Any) -> Any:
        body = {"__doc__": "Fields.", "__annotations__": cls.__annotations__, **self._declared}
        known: Any = dataclass(init=False, repr=False, eq=False, kw_only=True)(type(cls.__name__, (), body))
        cls.__dataclass_fields__ = known.__dataclass_fields__
        return cls.__dataclass_fields__


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What gives the values of these attributes."""
    match names:
        case []:
            return lambda _: ()
        case [name]:
            return lambda value: (getattr(value, name),)
    return attrgetter(*names)


def _constructor(cls: Any, declared: Mapping[str, Field[Any]]) -> Any:
    """The ``__init__`` of a class."""
    known: dict[str, Any] = {"_MISSING": MISSING}
    parameters, lines = [], []
    for name, each in declared.items():
        value = name
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
    return [getattr(self, name) for name in self.__slots__]


def _restore(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__slots__, state, strict=True):
        object.__setattr__(self, name, value)
