"""The package as its sources show it: modules, who imports whom, and the tree as a page draws it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = "nogilcheck"


@cache
def modules() -> Mapping[str, Path]:
    """Every module by its dotted name; a folder's name stands for its ``__init__.py``."""
    found = sorted((ROOT / PACKAGE).rglob("*.py"))
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in found}


@cache
def tree(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imports() -> dict[str, set[str]]:
    """Whom each module imports, at the top or within a function.

    The package itself imports nothing: its public names are lazy (PEP 562).
    """
    return {name: set(_imported(path)) for name, path in modules().items() if name != PACKAGE}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in modules() else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def circle(imported: Mapping[str, set[str]]) -> list[str]:
    """The modules of one import circle, in order; empty when there is none."""
    done: set[str] = set()
    for start in imported:
        trail = [start]
        pending = [iter(sorted(imported[start]))]
        while pending:
            following = next(pending[-1], None)
            if following is None:
                done.add(trail.pop())
                pending.pop()
            elif following in trail:
                return [*trail[trail.index(following) :], following]
            elif following in imported and following not in done:
                trail.append(following)
                pending.append(iter(sorted(imported[following])))
    return []


def picture() -> str:
    """The folders of the package, each with the first line of its docstring."""
    lines = []
    for path in sorted({path.parent for path in modules().values()}):
        depth = len(path.relative_to(ROOT).parts) - 1
        about = (ast.get_docstring(tree(path / "__init__.py")) or "").partition("\n")[0]
        lines.append(f"{'  ' * depth + path.name + '/':24}{about}")
    return "\n".join(lines)
