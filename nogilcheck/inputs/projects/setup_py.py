"""setup.py: parsed to see whether it may say anything about dependencies, and never run."""

from __future__ import annotations

import ast

from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError

_NAME = "setup.py"
_DEPENDENCIES = frozenset({"install_requires", "extras_require", "python_requires", "requires"})
"""Keywords of ``setup()`` that replace what setup.cfg says (setuptools reads setup.cfg for what is not given)."""


def may_require(neighbours: Neighbours) -> bool:
    """Whether a setup.py lies beside the file that is read and may say what the project requires.

    It does not where every call of ``setup`` passes keywords that are not about dependencies, or none.
    """
    if not neighbours.exists(_NAME):
        return False
    try:
        tree = ast.parse(neighbours.text(_NAME))
    except (UnreadableSourceError, SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _called(node) == "setup"]
    return not calls or any(_tells(call) for call in calls)


def _called(call: ast.Call) -> str | None:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else None


def _tells(call: ast.Call) -> bool:
    # ``**keywords`` has no name.
    return bool(call.args) or any(each.arg is None or each.arg in _DEPENDENCIES for each in call.keywords)
