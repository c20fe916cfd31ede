"""Sentences that say the same of many distributions, as one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

MAX_ALIKE: Final = 3
"""How many distributions are named when the same is said of more."""

_OF_A_DISTRIBUTION: Final = re.compile(r"(?P<name>[a-z0-9]+(?:-[a-z0-9]+)*): (?P<text>.+)", re.DOTALL)
"""A normalised name (name normalization specification), a colon, and what is said of it."""


def and_names(text: str, names: Sequence[str]) -> str:
    """What is said of an index, and of which projects nothing is known for that reason."""
    if not names:
        return text
    return f"{text}; unknown: {_some(names)}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MAX_ALIKE} more" if len(names) > MAX_ALIKE else ""
    return f"{', '.join(names[:MAX_ALIKE])}{more}"


_OF_A_FILE: Final = re.compile(
    r"the dependencies of (?P<name>\S+ \S+) are not fully known: "
    r"(?P<host>https?://[^/\s]+/)\S* (?:was not asked, since its host )?(?P<reason>.+)"
)
"""What is said of a distribution of which a file cannot be had."""


def _by_host(sentences: Iterable[str]) -> list[str]:
    """The sentences in their order; those about files of one host that cannot be had for one reason become one."""
    causes: dict[tuple[str, ...], list[tuple[str, str]]] = {}
    for sentence in sentences:
        match = _OF_A_FILE.fullmatch(sentence)
        key = (match["host"], match["reason"]) if match else (sentence,)
        causes.setdefault(key, []).append((match["name"] if match else "", sentence))
    found: list[str] = []
    for cause, alike in causes.items():
        if len(cause) == 1 or len(alike) == 1:
            found += [sentence for _, sentence in alike]
            continue
        known = f"the dependencies of {_some([name for name, _ in alike])} are not fully known"
        found.append(f"{known}: {' '.join(cause)}, for a file of each")
    return found


def folded(sentences: Iterable[str]) -> list[str]:
    """The sentences in their order; ``a: so``, ``b: so``, ... become ``a, b, c and 7 more: so`` where the first was."""
    sentences = _by_host(sentences)
    alike: dict[tuple[str, bool], list[str]] = {}
    for sentence in sentences:
        match = _OF_A_DISTRIBUTION.fullmatch(sentence)
        key = (match["text"], True) if match else (sentence, False)
        alike.setdefault(key, []).append(match["name"] if match else sentence)
    found: list[str] = []
    for (text, named), names in alike.items():
        if not named:
            found += names
        elif len(names) > MAX_ALIKE:
            found.append(f"{_some(names)}: {text}")
        else:
            found += [f"{name}: {text}" for name in names]
    return found
