"""Python sources -> the state that their functions share; nothing of them is imported or run."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nogilcheck.model.report.shared_state import SharedState, SharedStateKind, SharedStateReading, UnreadSource
from nogilcheck.shared_state.bindings import ModuleBindings, bindings_of
from nogilcheck.shared_state.changes import Changes, Mention
from nogilcheck.shared_state.scopes import State

MAX_SOURCE = 2 * 2**20
"""Bytes of one source; larger ones are data that a program has written."""
MAX_SOURCES = 64 * 2**20
"""Bytes of all sources of one distribution, and of one directory."""
MAX_FILES = 20_000
"""Sources of one distribution, and of one directory."""
_NOT_LIBRARY = re.compile(
    r"(?:^|/)(?:_?tests?|_?testing(?:\.py)?|examples?|docs?|benchmarks?|conftest\.py|setup\.py|__main__\.py|test_[^/]*\.py"
    r"|[^/]*_tests?\.py)(?:/|$)|^[^/]+\.(?:data|dist-info)/"
)
_ORDER = list(SharedStateKind)
_REBINDING = frozenset({SharedStateKind.COUNTER, SharedStateKind.LAZY, SharedStateKind.REBOUND})


@dataclass(frozen=True, slots=True)
class _Module:
    path: str
    bindings: ModuleBindings
    changes: Changes


def sources_among(sizes: Mapping[str, int]) -> tuple[list[str], list[UnreadSource]]:
    """The sources to read among files, given with their bytes, and those beyond the limits.

    Tests, examples, scripts and documentation are no modules that a program imports: they are neither.
    """
    wanted: list[str] = []
    unread: list[UnreadSource] = []
    left = MAX_SOURCES
    for path, size in sizes.items():
        if path.endswith(".py") and not _NOT_LIBRARY.search(path):
            if size > MAX_SOURCE:
                unread.append(UnreadSource(path=path, text=f"it has more than {MAX_SOURCE:,} bytes"))
            elif size > left or len(wanted) == MAX_FILES:
                unread.append(UnreadSource(path=path, text="too many sources, or too large together"))
            else:
                left -= size
                wanted.append(path)
    return wanted, unread


def read_shared_state(sources: Mapping[str, bytes]) -> SharedStateReading:
    """What modules share, from their sources by path with slashes. No source raises anything."""
    modules: list[_Module] = []
    unread: list[UnreadSource] = []
    for path, source in sources.items():
        try:
            modules.append(_read(path, source, sources))
        except SyntaxError as error:
            unread.append(UnreadSource(path=path, text=f"line {error.lineno or 1}: {error.msg}"))
        except (ValueError, RecursionError, MemoryError) as error:
            unread.append(UnreadSource(path=path, text=str(error) or type(error).__name__))
    found = sorted(_worst(modules), key=lambda each: (each.path, each.line, each.name))
    return SharedStateReading(modules=len(modules), found=tuple(found), unread=tuple(unread))


def _read(path: str, source: bytes, paths: Container[str]) -> _Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(source)
    package = path.endswith("/__init__.py")
    bindings = bindings_of(tree, _dotted(path, paths), is_package=package)
    return _Module(path, bindings, Changes(tree, bindings))


def _dotted(path: str, paths: Container[str]) -> str:
    """The name of a module, from the topmost directory above it that is a package."""
    *folders, name = path.removesuffix(".py").removesuffix("/__init__").split("/")
    packages = (number for number in range(len(folders)) if "/".join([*folders[: number + 1], "__init__.py"]) in paths)
    return ".".join([*folders[next(packages, 0) :], name])


def _worst(modules: Sequence[_Module]) -> Iterator[SharedState]:
    """Each state once, with the most telling of its changes."""
    containers = {(each.bindings.dotted, name) for each in modules for name in each.bindings.all_containers}
    imported = {dotted for each in modules for dotted in each.bindings.imports.values()}
    worst: dict[State, SharedState] = {}
    for module in modules:
        own = {(module.bindings.dotted, name) for name in module.bindings.all_names}
        quiet = _at_import_or_locked(module, imported)
        for change in module.changes.found:
            known = containers | own if change.kind in _REBINDING else containers
            state = next((state for state in change.states if state in known), None)
            if state is None or change.function in quiet:
                continue
            if state not in worst or _ORDER.index(change.kind) < _ORDER.index(worst[state].kind):
                worst[state] = SharedState(kind=change.kind, name=state[1], path=module.path, line=change.line)
    yield from worst.values()


def _at_import_or_locked(module: _Module, imported: Container[str]) -> set[str]:
    """Functions that no other module imports, and that are used only at import, or with a lock held."""
    uses: dict[str, list[Mention]] = {}
    for mention in module.changes.mentions:
        if mention.name != mention.function:
            uses.setdefault(mention.name, []).append(mention)
    own = {name for name in uses if f"{module.bindings.dotted}.{name}" not in imported}
    quiet: set[str] = set()
    while more := {
        name
        for name in own - quiet
        if all(each.locked or not each.function or each.function in quiet for each in uses[name])
    }:
        quiet |= more
    return quiet
