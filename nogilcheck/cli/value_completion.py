"""What shells offer for the values of options."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from nogilcheck.config.option import COMMA_SEPARATED, Option


def completion(option: Option) -> Callable[[str], list[str]] | None:
    """The function by which typer completes the values of an option; ``None``: files, or whatever the shell offers."""
    words = _WORDS.get(option.name)
    if words is None:
        return None

    def completed(incomplete: str) -> list[str]:
        """The words, after those that commas end."""
        before, comma, _ = incomplete.rpartition(",") if option.kind in COMMA_SEPARATED else ("", "", "")
        return [word for name in words() if (word := f"{before}{comma}{name}").startswith(incomplete)]

    return completed


def rules() -> Iterator[str]:
    """The names and codes of all rules."""
    from nogilcheck.model.rules.table import ALL_RULES

    for rule in ALL_RULES:
        yield from (rule.name, rule.code)


def _pythons() -> Iterable[str]:
    from nogilcheck.targets.builds import usual_pythons

    return (*usual_pythons(), "host")


def _platforms() -> Iterable[str]:
    from nogilcheck.targets.platforms import PLATFORM_NAMES

    return PLATFORM_NAMES


def _formats() -> Iterable[str]:
    from nogilcheck.report.formats import RENDERERS

    return RENDERERS


def _input_formats() -> Iterable[str]:
    from nogilcheck.inputs.formats import NAMES

    return NAMES


def _fail_words() -> Iterator[str]:
    from nogilcheck.model.policy import FAIL_WORDS

    yield from FAIL_WORDS
    for scope in ("direct", "transitive"):
        yield from (f"{scope}:{word}" for word in FAIL_WORDS)


def _of_project(*keys: str) -> Callable[[], Iterable[str]]:
    """The keys of a table of the ``pyproject.toml`` in the working directory; none where it cannot be read."""

    def names() -> Iterable[str]:
        import tomllib
        from pathlib import Path

        try:
            table: Any = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
            for key in keys:
                table = table[key]
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return ()
        return tuple(table) if isinstance(table, dict) else ()

    return names


_WORDS: Mapping[str, Callable[[], Iterable[str]]] = {
    "python": _pythons,
    "allow-target": _pythons,
    "platform": _platforms,
    "format": _formats,
    "input-format": _input_formats,
    "index-strategy": lambda: ("merge", "first-index"),
    "fail-on": _fail_words,
    "ignore": lambda: (rule for rule in rules() if rule.isupper()),  # a name alone is that of a project
    "env": lambda: ("current",),
    "extra": _of_project("project", "optional-dependencies"),
    "group": _of_project("dependency-groups"),
    "only-binary": lambda: (":all:", ":none:"),
    "no-binary": lambda: (":all:", ":none:"),
}
"""By option: the words that are offered."""
