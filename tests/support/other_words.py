"""``pytest -p tests.support.other_words``: every library, and where it can the system, says it in other words.

A test that fails only so rests on words that are not ours, or the product does. Not for every run: a leak of a
credential through such words would not show.
"""

from __future__ import annotations

import importlib
import locale
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType
from typing import Any

OTHER = "other words"

MODULES = (
    *("packaging.markers", "packaging.requirements", "packaging.specifiers", "packaging.utils", "packaging.version"),
    *("packaging.pylock", "packaging.metadata", "pip_requirements_parser", "wheel.wheelfile"),
    *("httpx", "httpcore", "h11", "typer._click.exceptions", "jsonschema.exceptions"),
    *("configparser", "json", "optparse", "sqlite3", "struct", "tarfile", "zipfile", "zlib"),
)
_AS_THEY_ARE = frozenset({"ProxyError"})
"""Its text is the status line of the proxy, which the client gives nowhere else."""

_ATTRIBUTES = {"JSONDecodeError": "msg", "PylockValidationError": "message"}
"""Where the words are not only in the text of an error."""

_SYSTEM = "de_DE.UTF-8"
"""A language for what the C library says, where it is installed."""


def pytest_configure() -> None:
    """Change them for the whole run."""
    for name in MODULES:
        for error in _errors(importlib.import_module(name)):
            _reword(error)
    with suppress(locale.Error):
        locale.setlocale(locale.LC_MESSAGES, _SYSTEM)


def _errors(module: ModuleType) -> Iterator[type[Any]]:
    package = module.__name__.partition(".")[0]
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, BaseException) and value.__module__.startswith(package):
            yield value


def _other(_: object) -> str:
    return OTHER


def _reword(error: type[Any]) -> None:
    words = Exception.__str__ if error.__name__ in _AS_THEY_ARE else _other
    for method in ("__str__", "format_message"):
        if hasattr(error, method):
            setattr(error, method, words)
    if (attribute := _ATTRIBUTES.get(error.__name__)) is None:
        return
    first = error.__init__

    def then(self: Any, *given: Any, **named: Any) -> None:
        first(self, *given, **named)
        if not sys._getframe(1).f_globals["__name__"].startswith("nogilcheck"):
            setattr(self, attribute, OTHER)

    error.__init__ = then
