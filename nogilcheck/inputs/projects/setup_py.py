"""setup.py: parsed to see whether it may say anything about dependencies, and never run."""

from __future__ import annotations

import ast

from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.source import Location, Unread

SETUP_PY = "setup.py"

_DEPENDENCIES = frozenset({"install_requires", "extras_require", "python_requires", "requires"})
"""Keywords of ``setup()`` that replace what setup.cfg says (setuptools reads setup.cfg for what is not given)."""


REPLACING = "setup.py, which is never run, may replace the dependencies in setup.cfg"


def gap(neighbours: Neighbours, text: str = "the dependencies are in setup.py, which is never run") -> Unread:
    """What a setup.py alone would tell."""
    hint = "Check a lock of the project, or state the dependencies in pyproject.toml."
    return Unread(location=Location(path=neighbours.shown(SETUP_PY)), text=text, hint=hint, needs_build=True)


def may_require(neighbours: Neighbours) -> bool:
    """Whether a setup.py lies beside the file that is read and may say what the project requires.

    It does not where every call of ``setup`` passes keywords that are not about dependencies, or none.
    """
    if not neighbours.exists(SETUP_PY):
        return False
    try:
        tree = ast.parse(neighbours.text(SETUP_PY))
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
    return bool(call.args) or any(keyword.arg is None or keyword.arg in _DEPENDENCIES for keyword in call.keywords)
