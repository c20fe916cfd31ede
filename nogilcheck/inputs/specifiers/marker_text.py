"""Environment markers (PEP 508) as text: joined with ``and``, with ``or``, negated."""

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


def any_of(*markers: str | None) -> str | None:
    """The marker that holds where one of them does; ``None`` is one that always does."""
    distinct = dict.fromkeys(markers)
    if None in distinct or not distinct:
        return None
    texts = [marker for marker in distinct if marker]
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)


def negated(marker: str) -> str | None:
    """The marker that holds where a single comparison does not; ``None``, which always holds, for a longer one."""
    comparison = _COMPARISON.fullmatch(marker)
    return f"{comparison['left']} {_INVERSE[comparison['operator']]} {comparison['right']}" if comparison else None
