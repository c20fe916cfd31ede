"""What the functions of one module do to names of modules and classes, outside a lock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from nogilcheck.model.report.shared_state import SharedStateKind
from nogilcheck.shared_state.bindings import Function, ModuleBindings, last_name
from nogilcheck.shared_state.scopes import Scopes, State, frame_of

_MUTATORS: Final = re.compile(
    "append(left)?|extend(left)?|insert|remove|pop(left|item)?|clear|update|add|discard|sort|reverse|rotate|subtract|"
    "move_to_end|(symmetric_)?difference_update|intersection_update"
)
"""Methods that change a container; not ``setdefault``, which checks and acts at once."""
_LOCK: Final = re.compile(r"lock(?!ed)|mutex|sema(phore)?\b|cond(ition)?\b|synchron|critical|exclusive", re.IGNORECASE)
_HELD: Final = re.compile(r".*_((un)?locked|no_?lock|unsafe)")
"""Functions whose callers hold the lock, by name."""
_SETTING: Final = re.compile(
    r"_*(?:un|de|re)?(?:register|set|add|remove|install|inject|extract|config|configure|setup|init|initiali[sz]e|bind|"
    r"enable|disable|reset|clear|purge|activate|override|patch|use|delete|shutdown|cleanup|main|test|decorat(?:e|or))"
    r"(?:_|[A-Z]|$)"
)
"""Functions that set up a program or take it down, by name: threads start after the one and end before the other."""
_AS_GOOD_TWICE: Final = re.compile(
    "compile|import_module|__import__|get_?[lL]ogger|getenv|which|frozenset|bool|int|str|float|find_spec"
)
"""Calls of which it does no harm that two threads make them."""
_AT_CLASS_CREATION: Final = frozenset({"__init_subclass__", "__set_name__", "__prepare__"})
_MISSES: Final = frozenset({"KeyError", "LookupError", "AttributeError", "NameError", "IndexError", "Exception"})


_CHECKED: Final = {
    SharedStateKind.REBOUND: SharedStateKind.LAZY,
    SharedStateKind.CHANGED: SharedStateKind.CHECK_THEN_ACT,
}
"""What a change amounts to after a check."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a name at the level of a module or a class."""

    states: tuple[State, ...]
    """What it may be."""
    kind: SharedStateKind
    line: int
    function: str
    """The innermost function, by name."""


class Mention(NamedTuple):
    """A name, or an attribute, that code uses."""

    name: str
    function: str
    """The innermost function around it; empty: it is used as the module is imported."""
    locked: bool


class Changes:
    """Reads the functions of a module. Raises `RecursionError` for a tree that is too deep."""

    def __init__(self, tree: ast.Module, module: ModuleBindings) -> None:
        self._scopes = Scopes(module)
        self._frames = self._scopes.frames
        self._owner = ""
        self.found: list[Change] = []
        self.mentions: set[Mention] = set()
        self._visit_all(tree.body)

    def _visit_all(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            self._visit(node)

    def _visit(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._function(node)
            case ast.ClassDef():
                return self._class(node)
            case ast.With() | ast.AsyncWith():
                return self._with(node)
            case ast.Name(name, ast.Load()) | ast.Attribute(attr=name):
                frame = self._frames[-1] if self._frames else None
                self.mentions.add(Mention(name, frame.name if frame else "", bool(frame and frame.locks)))
        if self._frames:
            self._statement(node)
        self._visit_all(ast.iter_child_nodes(node))
        return None

    def _statement(self, node: ast.AST) -> None:
        """Note what a statement or an expression in a function checks and changes."""
        match node:
            case ast.Assign(targets, value):
                self._assign(targets, value)
            case ast.AnnAssign(target, value=ast.expr() as value):
                self._assign([target], value)
            case ast.AugAssign(target):
                if isinstance(target, ast.Subscript) or self._scopes.may_rebind(target):
                    self._change(node, SharedStateKind.COUNTER, self._scopes.states(target))
            case ast.Delete(targets):
                for each in targets:
                    if isinstance(each, ast.Subscript):
                        self._change(each, SharedStateKind.CHANGED, self._scopes.states(each))
            case ast.Call(ast.Attribute(value, attr)):
                self._method(node, value, attr)
            case _:
                self._check(_looked_at(node))

    def _class(self, node: ast.ClassDef) -> None:
        around, self._owner = self._owner, "" if self._frames or self._owner else node.name
        self._visit_all(ast.iter_child_nodes(node))
        self._owner = around

    def _function(self, node: Function) -> None:
        owner = "" if self._frames else self._owner
        known = self._scopes.module.classes.get(owner)
        of_metaclass = known is not None and known.is_metaclass
        self._visit_all([*node.decorator_list, node.args])
        if node.name in _AT_CLASS_CREATION or (of_metaclass and node.name in {"__new__", "__init__"}):
            return self._visit_all(node.body)  # like the body of a class
        frame = frame_of(node, owner, of_metaclass=of_metaclass)
        frame.locks = int(bool(_HELD.fullmatch(node.name) or any(map(_is_lock, node.decorator_list))))
        self._frames.append(frame)
        self._visit_all(node.body)
        self._frames.pop()
        return None

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        self._visit_all(node.items)
        held = bool(self._frames) and any(_is_lock(item.context_expr) for item in node.items)
        if held:
            self._frames[-1].locks += 1
        self._visit_all(node.body)
        if held:
            self._frames[-1].locks -= 1

    def _check(self, nodes: Iterable[ast.AST]) -> None:
        """Note every name that is looked at."""
        checked = self._frames[-1].checked
        for node in nodes:
            match node:
                case ast.Call(ast.Name("hasattr" | "getattr"), [value, ast.Constant(str(name)), *_]):
                    checked.update(self._scopes.attribute(value, name))
                case ast.Name(ctx=ast.Load()) | ast.Attribute(ctx=ast.Load()) | ast.Subscript(ctx=ast.Load()):
                    checked.update(self._scopes.states(node))

    def _method(self, node: ast.Call, value: ast.expr, name: str) -> None:
        if name in {"acquire", "release"} and _is_lock(value):
            self._frames[-1].locks += 1 if name == "acquire" else -1
        elif name == "get":
            self._frames[-1].checked.update(self._scopes.states(value))
        elif _MUTATORS.fullmatch(name) and not self._registers(node.args):
            self._change(node, SharedStateKind.CHANGED, self._scopes.states(value))

    def _assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        if isinstance(value, ast.Name | ast.Attribute):  # a name for it, which may be checked instead
            self._check([value])
        elif isinstance(value, ast.BoolOp):
            self._check(ast.walk(value))
        for target in [one for each in targets for one in getattr(each, "elts", [each])]:
            states = self._scopes.states(target)
            itself = isinstance(value, ast.BinOp) and any(
                not set(states).isdisjoint(self._scopes.states(each)) for each in ast.walk(value)
            )
            if isinstance(target, ast.Subscript):
                if not self._registers([target.slice, value]):
                    self._change(target, SharedStateKind.COUNTER if itself else SharedStateKind.CHANGED, states)
            elif self._scopes.may_rebind(target) and not self._is_harmless(target, value, states):
                self._change(target, SharedStateKind.COUNTER if itself else SharedStateKind.REBOUND, states)

    def _change(self, node: ast.AST, kind: SharedStateKind, states: Sequence[State]) -> None:
        frame = self._frames[-1]
        if not states or frame.locks > 0:
            return
        if self._scopes.is_checked(states):
            kind = _CHECKED.get(kind, kind)
        sets_up = any(_SETTING.match(each.name) for each in self._frames)
        if not sets_up or kind in {SharedStateKind.COUNTER, SharedStateKind.LAZY}:
            self.found.append(Change(tuple(states), kind, getattr(node, "lineno", 1), frame.name))

    def _is_harmless(self, target: ast.expr, value: ast.expr, states: Sequence[State]) -> bool:
        """Whether a name is bound to what any thread would bind it to, or to what a caller sets."""
        match value:
            case ast.Name(name) if name in self._frames[-1].parameters:
                return True
            case ast.Call(function) if _AS_GOOD_TWICE.fullmatch(last_name(function)):
                return True
        if isinstance(value, ast.Constant) or isinstance(target, ast.Attribute):
            return not self._scopes.is_checked(states) or "warn" in states[0][1].lower()
        return False

    def _registers(self, values: Iterable[ast.expr]) -> bool:
        """Whether a function stores what it is given and returns it, as decorators do that register something."""
        frame = self._frames[-1]
        names = {node.id for value in values for node in ast.walk(value) if isinstance(node, ast.Name)}
        return bool(names & frame.parameters & frame.returned)


def _looked_at(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a condition, and what a handler may find missing."""
    match node:
        case ast.If(test) | ast.While(test) | ast.IfExp(test):
            yield from ast.walk(test)
        case ast.BoolOp():
            yield from ast.walk(node)
        case ast.Try(body, handlers) if any(map(_catches_a_miss, handlers)):
            looked_up = (each for statement in body for each in ast.walk(statement))
            yield from (each for each in looked_up if isinstance(each, ast.Subscript))


def _catches_a_miss(handler: ast.ExceptHandler) -> bool:
    types = getattr(handler.type, "elts", [handler.type])
    return handler.type is None or not _MISSES.isdisjoint(map(last_name, types))


def _is_lock(node: ast.expr) -> bool:
    return _LOCK.search(ast.unparse(node)) is not None
