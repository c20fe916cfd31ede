"""What one module binds: its containers, its classes with theirs, and what it imports."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CONTAINERS = frozenset(
    {"dict", "list", "set", "defaultdict", "OrderedDict", "Counter", "deque"}
    | {"WeakKeyDictionary", "WeakValueDictionary", "WeakSet"}
)
"""Classes whose instances are changed in place."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
_DISPLAYS = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)


@dataclass(slots=True)
class ClassBindings:
    """One class at the level of a module."""

    containers: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Whatever its body binds, but methods."""
    of_instances: set[str] = field(default_factory=set)
    """What its methods bind on ``self``, which hides what the class has."""
    is_metaclass: bool = False


@dataclass(slots=True)
class ModuleBindings:
    """One module."""

    dotted: str
    containers: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    classes: dict[str, ClassBindings] = field(default_factory=dict)
    imports: dict[str, str] = field(default_factory=dict)
    """Name -> what it is, dotted: a module, or something of one."""

    @property
    def all_containers(self) -> set[str]:
        """Those of its classes too, as ``Class.name``."""
        return self.containers.union(*({f"{name}.{one}" for one in of.containers} for name, of in self.classes.items()))

    @property
    def all_names(self) -> set[str]:
        """Those of its classes too, as ``Class.name``."""
        return self.names.union(*({f"{name}.{one}" for one in of.names} for name, of in self.classes.items()))


def bindings_of(tree: ast.Module, dotted: str, *, is_package: bool) -> ModuleBindings:
    """What a module binds as it is imported; ``dotted`` is its name."""
    module = ModuleBindings(dotted)
    kinds = set(CONTAINERS)
    for node in at_import(tree.body):
        if isinstance(node, ast.ClassDef):
            if any(last_name(base) in kinds for base in node.bases):
                kinds.add(node.name)
            module.classes[node.name] = _class(node, kinds, module.classes)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                module.imports[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            base = _imported_from(node, dotted, is_package=is_package)
            module.imports |= {alias.asname or alias.name: f"{base}.{alias.name}" for alias in node.names}
        else:
            _bind(node, module.names, module.containers, kinds)
    return module


def at_import(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run when the module is imported, those in blocks too; functions and classes as they stand."""
    for statement in body:
        if isinstance(statement, ast.If) and last_name(statement.test) == "TYPE_CHECKING":
            yield from at_import(statement.orelse)
            continue
        yield statement
        if not isinstance(statement, Function | ast.ClassDef):
            for name in ("body", "orelse", "finalbody"):
                yield from at_import(getattr(statement, name, ()))
            for handler in getattr(statement, "handlers", ()):
                yield from at_import(handler.body)


def last_name(node: ast.AST | None) -> str:
    """``RLock`` of ``threading.RLock()``, of ``RLock`` and of ``RLock[int]``; empty for what has no name."""
    while isinstance(node, ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def bound_names(target: ast.AST) -> Iterator[str]:
    """The names that an assignment to this target binds."""
    for node in ast.walk(target):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _bind(node: ast.stmt, names: set[str], containers: set[str], kinds: set[str]) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    bound = {name for target in targets for name in bound_names(target)}
    names |= bound
    value = getattr(node, "value", None)
    if isinstance(value, _DISPLAYS) or (isinstance(value, ast.Call) and last_name(value.func) in kinds):
        containers |= bound
    else:
        containers -= bound


def _class(node: ast.ClassDef, kinds: set[str], known: dict[str, ClassBindings]) -> ClassBindings:
    found = ClassBindings(is_metaclass=any(last_name(base).endswith(("type", "Type", "Meta")) for base in node.bases))
    for base in node.bases:
        if inherited := known.get(last_name(base)):
            found.containers |= inherited.containers
            found.names |= inherited.names
            found.of_instances |= inherited.of_instances
            found.is_metaclass |= inherited.is_metaclass
    # Of annotated defaults, frameworks such as pydantic give each instance its own copy.
    copies = bool(node.decorator_list or node.keywords or any(last_name(base) != "object" for base in node.bases))
    for statement in at_import(node.body):
        if not (isinstance(statement, ast.AnnAssign) and copies and "ClassVar" not in ast.dump(statement.annotation)):
            _bind(statement, found.names, found.containers, kinds)
    for method in node.body:
        if isinstance(method, Function):
            found.of_instances.update(_on_self(method))
    return found


def _on_self(method: Function) -> Iterator[str]:
    own = (method.args.posonlyargs + method.args.args)[:1]
    if not own or any(last_name(each) == "classmethod" for each in method.decorator_list) or method.name == "__new__":
        return
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and last_name(node.value) == own[0].arg:
            yield node.attr


def _imported_from(node: ast.ImportFrom, dotted: str, *, is_package: bool) -> str:
    """The dotted name of the module that is imported from."""
    if not node.level:
        return node.module or ""
    parts = dotted.split(".")
    kept = parts[: len(parts) - node.level + is_package]
    return ".".join([*kept, *([node.module] if node.module else [])])
