"""JSON with the lines of its keys: `json` gives the values, one pass over the text the places."""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from typing import Any

from nogilcheck.inputs.text.sources import UnreadableSourceError

_COMMENT = re.compile(r"^[ \t]*//[^\n]*", re.MULTILINE)
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}\[\],:]', re.DOTALL)


def without_comments(text: str) -> str:
    """The text with its lines of ``//`` comments left blank."""
    return _COMMENT.sub("", text) if "//" in text else text


@lru_cache(maxsize=1)  # what a file is and what it says are asked one after the other
def parse_json(text: str) -> object:
    """The value, which nobody may change. Raises `UnreadableSourceError`, with the line where it is known."""
    try:
        value: object = json.loads(text)
        if "\\ud" in text.lower():
            json.dumps(value, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        reason = error.msg[:1].lower() + error.msg[1:]
        raise UnreadableSourceError(f"not valid JSON: {reason}", line=error.lineno) from error
    except UnicodeEncodeError as error:
        raise UnreadableSourceError("not usable JSON: half of a surrogate pair in a string") from error
    except RecursionError as error:
        raise UnreadableSourceError("not usable JSON: nested too deeply") from error
    except ValueError as error:  # an integer of more than 4,300 digits
        raise UnreadableSourceError(f"not usable JSON: {str(error)[:160]}") from error
    return value


class JsonDocument:
    """An object with the lines of its keys and of the objects in its arrays, down to four levels."""

    def __init__(self, text: str, data: dict[str, Any]) -> None:
        self.data = data
        self._text = text

    def line(self, *keys: str | int) -> int | None:
        """The 1-based line of a value, or of the nearest one around it that has one."""
        return next((line for end in range(len(keys), 0, -1) if (line := self._lines.get(keys[:end]))), None)

    @cached_property
    def _lines(self) -> dict[tuple[str | int, ...], int]:
        return key_lines(self._text, 4)


def key_lines(text: str, depth: int) -> dict[tuple[str | int, ...], int]:
    """The 1-based line of each key, and of each object or array in an array, down to ``depth``; ``text`` is valid JSON.

    Of a key that an object has twice, the last counts, as it does for `json`.
    """
    lines: dict[tuple[str | int, ...], int] = {}
    path: list[str | int] = []
    expecting = False
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        mark = match[0]
        begins = mark in "{[" and bool(path) and isinstance(path[-1], int)
        if mark[0] == '"' and expecting:
            path[-1] = json.loads(mark) if len(path) <= depth else ""
            begins = True
        if begins and len(path) <= depth:
            line += text.count("\n", counted, match.start())
            counted = match.start()
            lines[tuple(path)] = line
        if mark in "{[":
            path.append("" if mark == "{" else 0)
        elif mark in "}]":
            path.pop()
        elif mark == "," and isinstance(path[-1], int):
            path[-1] += 1
        expecting = mark == "{" or (mark == "," and isinstance(path[-1], str))
    return lines
