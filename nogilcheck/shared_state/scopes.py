"""What an expression in a function names: something of its module, of a class there, or of an imported module."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from nogilcheck.shared_state.bindings import Function, ModuleBindings, last_name

State = tuple[str, str]
"""A module and a name in it, both dotted: ``("regex._main", "_cache")``, ``("pkg.parser", "Parser.instances")``."""


@dataclass(slots=True)
class Frame:
    """A function, as far as it has been read."""

    name: str
    owner: str
    """The class of a method; empty for other functions."""
    first: str = ""
    """The first parameter of a method that is not static."""
    is_class_method: bool = False
    parameters: set[str] = field(default_factory=set)
    local: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    """What ``global`` names."""
    returned: set[str] = field(default_factory=set)
    checked: set[State] = field(default_factory=set)
    """What has been looked at in a condition."""
    locks: int = 0
    """How many locks are held."""


def frame_of(node: Function, owner: str, *, of_metaclass: bool) -> Frame:
    """The frame of a function, before any of it was read; ``owner``: its class, empty where it has none."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    others = [*node.args.kwonlyargs, *filter(None, (node.args.vararg, node.args.kwarg))]
    decorators = set(map(last_name, node.decorator_list))
    frame = Frame(node.name, owner, parameters={each.arg for each in (*arguments, *others)})
    if owner and arguments and "staticmethod" not in decorators:
        frame.first = arguments[0].arg
        frame.is_class_method = "classmethod" in decorators or node.name == "__new__" or of_metaclass
    for each in _own_nodes(node.body):
        match each:
            case ast.Global(names):
                frame.declared.update(names)
            case ast.Return(ast.Name(name)):
                frame.returned.add(name)
            case ast.Name(name, ast.Store()) | ast.ExceptHandler(name=str(name)):
                frame.local.add(name)
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                frame.local.add(name)
            case ast.Import(names) | ast.ImportFrom(names=names):
                frame.local.update(alias.asname or alias.name.partition(".")[0] for alias in names)
    frame.local = (frame.local | frame.parameters) - frame.declared
    return frame


class Scopes:
    """The functions that are being read, innermost last, in their module."""

    def __init__(self, module: ModuleBindings) -> None:
        self.module = module
        self.frames: list[Frame] = []

    def states(self, node: ast.AST) -> list[State]:
        """What an expression may name, without its subscripts; nothing for what is local."""
        while isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Attribute):
            return self.attribute(node.value, node.attr)
        if not isinstance(node, ast.Name) or self._is_local(node.id):
            return []
        module, _, name = self.module.imports.get(node.id, f"{self.module.dotted}.{node.id}").rpartition(".")
        return [(module, name)]

    def attribute(self, value: ast.expr, name: str) -> list[State]:
        """What ``value.name`` may be."""
        dotted = self.module.dotted
        if owner := self.class_of(value):
            return [(dotted, f"{owner}.{name}")]
        if not isinstance(value, ast.Name):
            return []
        method = self._method()
        if method and value.id == method.first:
            known = self.module.classes.get(method.owner)
            shared = known and name in known.containers and name not in known.of_instances
            return [(dotted, f"{method.owner}.{name}")] if shared else []
        imported = self.module.imports.get(value.id)
        if imported is None or self._is_local(value.id):
            return []
        module, _, kind = imported.rpartition(".")
        return [(imported, name), (module, f"{kind}.{name}")]

    def class_of(self, value: ast.expr) -> str:
        """The class that an expression is: ``cls``, ``type(self)``, ``self.__class__``, or by its name; or nothing."""
        method = self._method()
        match value:
            case ast.Name(name) if method and method.is_class_method and name == method.first:
                return method.owner
            case ast.Attribute(ast.Name(name), "__class__") | ast.Call(ast.Name("type"), [ast.Name(name)], []):
                return method.owner if method and name == method.first else ""
            case ast.Name(name) if name in self.module.classes and not self._is_local(name):
                return name
        return ""

    def may_rebind(self, target: ast.expr) -> bool:
        """Whether an assignment to it binds a name of a module or a class."""
        if isinstance(target, ast.Name):
            return target.id in self.frames[-1].declared
        return isinstance(target, ast.Attribute) and bool(self.class_of(target.value))

    def is_checked(self, states: Sequence[State]) -> bool:
        """Whether a condition has looked at it."""
        return any(not frame.checked.isdisjoint(states) for frame in self.frames)

    def _is_local(self, name: str) -> bool:
        for frame in reversed(self.frames):
            if name in frame.declared or name in frame.local:
                return name in frame.local
        return False

    def _method(self) -> Frame | None:
        return next((frame for frame in reversed(self.frames) if frame.owner), None)


def _own_nodes(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a function without those of the functions and classes in it."""
    left = list(body)
    while left:
        node = left.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            left.extend(ast.iter_child_nodes(node))
