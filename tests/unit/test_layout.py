"""The house keeps its order: no circles, no crowded folders, names that tell apart, tests that mirror the package."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from tests.layout import PACKAGE, ROOT, circle, imports, modules, tree

MAX_MODULES = 22
"""In one folder."""

MAX_LINES = 300
"""Of one module."""


def test_a_circle_is_seen() -> None:
    assert circle({"a": {"b"}, "b": {"c", "x"}, "c": {"b"}}) == ["b", "c", "b"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_module_imports_itself_through_others() -> None:
    assert circle(imports()) == []


def test_no_folder_is_crowded() -> None:
    counts = Counter(path.parent for path in modules().values())
    assert {folder: count for folder, count in counts.items() if count > MAX_MODULES} == {}


def test_no_module_is_long() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in modules().values()}
    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_frozen_dataclasses_are_those_that_cost_little_to_define() -> None:
    """Save where equality, order or positions are other than what `frozen` knows."""
    costly = "\n@dataclass(frozen=True, slots=True, kw_only=True)\n"
    assert [path for path in modules().values() if costly in path.read_text(encoding="utf-8")] == []


def test_no_two_classes_have_the_same_name() -> None:
    names = Counter(
        node.name for path in modules().values() for node in tree(path).body if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_every_folder_says_what_is_in_it() -> None:
    folders = {path for path in modules().values() if path.name == "__init__.py"}
    assert [str(path) for path in folders if not ast.get_docstring(tree(path))] == []


def test_unit_tests_mirror_the_package() -> None:
    """Each folder of unit tests is a folder of the package; how they are divided within it is theirs."""
    unit = ROOT / "tests" / "unit"
    folders = {path.parent.relative_to(unit) for path in unit.rglob("test_*.py")}
    strays = {folder for folder in folders if not (ROOT / PACKAGE / folder).is_dir()}
    assert strays == {Path("world")}, "tests of the tests' own world have a folder beside those of the package"
