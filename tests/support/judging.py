"""Judging in the process of the test: starting a process for each check would take most of the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from nogilcheck.binary import continuations_of, declaration_of
from nogilcheck.jobs.scanning.worker import answer
from nogilcheck.model.declaration import Declaration


class Here:
    """In the place of `nogilcheck.binary.Isolated`, without limits."""

    def __init__(self, **limits: Any) -> None:
        del limits

    def declaration_of(self, data: bytes, filename: str, python: str) -> Declaration:
        return declaration_of(data, filename, python)

    def continuations_of(self, data: bytes, python: str, functions: Mapping[str, str]) -> Mapping[str, Declaration]:
        return continuations_of(data, python, functions)

    def ask(self, header: Mapping[str, object], data: bytes, parse: Callable[[Mapping[str, Any]], Any]) -> Any:
        return parse(answer(header, data))

    def close(self) -> None:
        """Nothing was started."""
