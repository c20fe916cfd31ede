"""Conditions of the C preprocessor and of Rust's ``cfg``, as they hold on a free-threaded build: yes, no or unknown."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

CONDITION_LIMIT: Final = 300
"""Characters of one condition; a longer one is unknown."""

CONDITIONS_LIMIT: Final = 20_000
"""Different conditions of one sdist; the rest are unknown."""

_UNDEFINED: Final = (
    "Py_LIMITED_API",
    "PYPY_VERSION",
    "GRAALVM_PYTHON",
    "CYTHON_FREETHREADING_COMPATIBLE",
    "PyPy",
    "GraalPy",
)
_DIRECTIVE: Final = re.compile(rb"^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b((?:\\\r?\n|[^\n])*)", re.MULTILINE)
_DEFINED: Final = re.compile(r"\bdefined\s*(?:\(\s*(\w+)\s*\)|(\w+))")
_NUMBER: Final = re.compile(r"\b(0[xX][0-9a-fA-F]+|\d+)[uUlL]+\b")
_WARNED_OF: Final = re.compile(r"\\\\|\b0[xX][0-9a-fA-F]*[g-zG-Z_]|\b(?!0[xX])\d+[A-Za-z_]")
"""What Python's parser would warn of."""
_GUARD: Final = re.compile(r"\w{1,100}_(?:h|hpp|hh|hxx|included)_*", re.IGNORECASE)
"""The macro of an include guard."""
DEPTH_LIMIT: Final = 100
"""Conditionals within conditionals; a file that has more is read no further."""
_OPENING: Final = {b"if": "{}", b"ifdef": "defined({})", b"ifndef": "!defined({})"}
_COMPARISONS: Final[Mapping[type[ast.cmpop], Callable[[int, int], bool]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}


class BuildConditions:
    """What is known of macros, and of Rust's cfgs (those of PyO3), on one free-threaded Python."""

    def __init__(self, python: tuple[int, int]) -> None:
        self.python = python
        self.names: dict[str, int | None] = {
            **dict.fromkeys(("Py_GIL_DISABLED", "Py_PYTHON_H", "Py_mod_gil", "CPython"), 1),
            **dict.fromkeys(_UNDEFINED),
            "PY_VERSION_HEX": python[0] << 24 | python[1] << 16 | 0xF0,
            "PY_MAJOR_VERSION": python[0],
            "PY_MINOR_VERSION": python[1],
            **{f"Py_3_{minor}": 1 if minor <= python[1] else None for minor in range(7, python[1] + 10)},
        }
        """Values; ``None``: not defined. Of names that are not here nothing is known."""
        self._answers: dict[str, bool | None] = {}

    def hold(self, condition: str) -> bool | None:
        """Whether a condition holds; ``None``: it depends on what is not known, or is not understood."""
        if len(condition) > CONDITION_LIMIT or (
            condition not in self._answers and len(self._answers) == CONDITIONS_LIMIT
        ):
            return None
        if condition not in self._answers:
            self._answers[condition] = _evaluated(condition, self.names)
        return self._answers[condition]


def _evaluated(condition: str, names: Mapping[str, int | None]) -> bool | None:
    text = _DEFINED.sub(lambda match: f"defined({match[1] or match[2]})", condition)
    text = _NUMBER.sub(r"\1", text.replace("&&", " and ").replace("||", " or "))
    text = re.sub(r"!(?!=)", " not ", text)
    if _WARNED_OF.search(text):
        return None
    try:
        value = _value(ast.parse(text.strip(), mode="eval").body, names)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return None if value is None else bool(value)


def _value(node: ast.expr, names: Mapping[str, int | None]) -> int | None:
    match node:
        case ast.Constant(value=int(number)):
            return number
        case ast.Name(id=name):
            return (names[name] or 0) if name in names else None
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            value = _value(operand, names)
            return None if value is None else int(not value)
        case ast.BoolOp(op=op, values=values):
            return _joined(values, names, decisive=isinstance(op, ast.Or))
        case ast.Call(func=ast.Name(id="defined"), args=[ast.Name(id=name)]):
            return int(names[name] is not None) if name in names else None
        case ast.Call(func=ast.Name(id="any" | "all" as word), args=args, keywords=keywords):
            return None if keywords else _joined(args, names, decisive=word == "any")
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
            first, second = _value(left, names), _value(right, names)
            return None if first is None or second is None else int(_COMPARISONS[type(op)](first, second))
    return None


def _joined(parts: list[ast.expr], names: Mapping[str, int | None], *, decisive: bool) -> int | None:
    """Several conditions: ``decisive`` is the value that settles it, true for "or", false for "and"."""
    values = [_value(part, names) for part in parts]
    if any(value is not None and bool(value) is decisive for value in values):
        return int(decisive)
    return None if None in values else int(not decisive)


class _Branch(NamedTuple):
    """A branch of a conditional directive, with what it is in."""

    own: bool | None
    earlier: bool | None
    """A branch before it is taken."""
    compiled: bool | None
    about_gil: bool


_FILE: Final = _Branch(own=True, earlier=False, compiled=True, about_gil=False)


class Region(NamedTuple):
    """A part of a C file between two conditional directives."""

    start: int
    end: int
    compiled: bool | None
    """``None``: it is not known."""
    about_gil: bool
    """Py_GIL_DISABLED is among what decides that."""


def regions(text: bytes, conditions: BuildConditions) -> Iterator[Region]:
    """The parts of a C file, in order. ``text`` has no comments."""
    stack = [_FILE]
    start = 0
    for match in _DIRECTIVE.finditer(text):
        yield Region(start, match.start(), stack[-1].compiled, stack[-1].about_gil)
        start = match.end()
        word, rest = match[1], match[2].decode("latin-1").replace("\\\n", " ").strip()
        if word in _OPENING:
            if len(stack) > DEPTH_LIMIT:
                return
            guard = word == b"ifndef" and rest not in conditions.names and _GUARD.fullmatch(rest)
            own = True if guard else conditions.hold(_OPENING[word].format(rest))
            stack.append(_branch(stack[-1], rest, own=own, earlier=False))
        elif len(stack) > 1:
            last = stack.pop()
            if word != b"endif":
                earlier = (
                    True if True in (last.own, last.earlier) else None if None in (last.own, last.earlier) else False
                )
                now = True if word == b"else" else conditions.hold(rest)
                own = False if earlier or now is False else None if earlier is None else now
                branch = _branch(stack[-1], rest, own=own, earlier=earlier)
                stack.append(branch._replace(about_gil=branch.about_gil or last.about_gil))
    yield Region(start, len(text), stack[-1].compiled, stack[-1].about_gil)


def _branch(outer: _Branch, condition: str, *, own: bool | None, earlier: bool | None) -> _Branch:
    compiled = False if False in (own, outer.compiled) else None if None in (own, outer.compiled) else True
    return _Branch(own, earlier, compiled, outer.about_gil or "Py_GIL_DISABLED" in condition)
