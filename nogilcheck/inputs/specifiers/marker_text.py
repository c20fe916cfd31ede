"""Environment markers (PEP 508) as text: combined, negated."""

from __future__ import annotations

import re

_COMPARISON = re.compile(r"(?P<left>\w+) (?P<operator>==|!=|<=|>=|<|>|not in|in) (?P<right>\"[^\"]*\")")
_INVERSE = {"==": "!=", "<": ">=", ">": "<=", "in": "not in"}
_INVERSE |= {value: key for key, value in _INVERSE.items()}


def all_of(*markers: str | None) -> str | None:
    """The marker that holds where all of them do; ``None`` is one that always does."""
    distinct = list(dict.fromkeys(marker for marker in markers if marker))
    if len(distinct) < 2:
        return distinct[0] if distinct else None
    return " and ".join(f"({marker})" if " or " in marker else marker for marker in distinct)


def negated(marker: str) -> str | None:
    """The marker that holds where a single comparison does not; ``None``, which always holds, for a longer one."""
    comparison = _COMPARISON.fullmatch(marker)
    return f"{comparison['left']} {_INVERSE[comparison['operator']]} {comparison['right']}" if comparison else None
