"""Words on the command line that are not meant as projects: misspelt commands and files, and installers' verbs."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Sequence

COMMANDS = (
    "check",
    "why",
    "plan",
    "minimum",
    "survey",
    "inspect",
    "diff",
    "report",
    "explain",
    "config",
    "cache",
    "evidence",
)

_ASIDE = ("help", "version")
"""Commands of other tools, which are options here."""

_VERBS = (
    "install", "uninstall", "reinstall", "add", "remove", "sync", "lock", "update", "upgrade", "download", "export",
    "compile", "freeze", "list", "show", "init", "run", "audit", "scan",
)  # fmt: skip
"""What pip, uv, Poetry, PDM, Pipenv and auditors do. ``build`` and ``test`` are left out: projects are called so."""

_WORD = re.compile(r"[a-z]{2,12}", re.IGNORECASE)
_FILE = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z]{1,5})?", re.IGNORECASE)
_STEMS = frozenset({"requirements", "pyproject", "pylock", "environment", "Pipfile"})
"""Names of files that are not whole; ``uv``, ``pdm`` and ``poetry`` are projects as well."""
_SUFFIXES = ("txt", "in", "toml", "lock", "cfg", "yml")
_MIN_VERB, _MIN_COMMAND, _LONG = 6, 5, 7
"""Letters of a verb that may be misspelt, of a word in which a letter may be replaced, and of one with two mistakes."""


def refuse_words(inputs: Sequence[str]) -> None:
    """Raise `UsageError` for a word that was hardly meant as a project; an existing path is never refused.

    ``inputs`` are the arguments of a command line that names no command: after ``check`` every word may be a project.
    """
    for position, word in enumerate(inputs):
        if _WORD.fullmatch(word) and not os.path.lexists(word):
            known = _meant(word.lower(), first=position == 0)
            if known is not None:
                _refuse(inputs, position, known)
        if _FILE.fullmatch(word) and not os.path.lexists(word) and (file := _file_meant(word)) is not None:
            from nogilcheck.errors import UsageError

            project = shlex.join(["nogilcheck", "check", f"{word}>=0"])
            hint = f"did you mean `{shlex.join(['nogilcheck', file])}`? To check a project called {word}: `{project}`"
            raise UsageError(f"{word!r} is not a file", hint=hint)


def _meant(word: str, *, first: bool) -> str | None:
    """The command or verb that a word stands for; only the first word of a command line may be misspelt."""
    known = (*COMMANDS, *_ASIDE, *_VERBS)
    if word in known:
        return word
    near = (other for other in known if other not in _VERBS or len(other) >= _MIN_VERB)
    return next((other for other in near if _is_near(word, other)), None) if first else None


def _file_meant(word: str) -> str | None:
    """The file here of which a word is the name without its suffix, or with a misspelt one."""
    stem, dot, suffix = word.partition(".")
    if not dot and stem not in _STEMS:
        return None
    near = (known for known in _SUFFIXES if not dot or _distance(suffix.lower(), known) == 1)
    return next((name for known in near if os.path.isfile(name := f"{stem}.{known}")), None)


def _refuse(inputs: Sequence[str], position: int, known: str) -> None:
    from nogilcheck.errors import UsageError

    word, rest = inputs[position], list(inputs[position + 1 :])
    if known in _ASIDE:
        said, instead = "is not a command", ["nogilcheck", f"--{known}"]
    elif known in _VERBS:
        said, instead = "is not a command: nogilcheck installs and changes nothing", ["nogilcheck", *rest]
    elif word.lower() == known:
        said, instead = "is a command, and commands come first", ["nogilcheck", known, *inputs[:position], *rest]
    else:
        said, instead = "is neither a command nor a file", ["nogilcheck", known, *rest]
    project = shlex.join(["nogilcheck", "check", *inputs])
    suggested = shlex.join(instead) if len(instead) > 1 else "nogilcheck requirements.txt"
    hint = f"did you mean `{suggested}`? To check a project called {word}: `{project}`"
    raise UsageError(f"{word!r} {said}", hint=hint)


def _is_near(word: str, known: str) -> bool:
    if len(known) < _MIN_COMMAND and len(word) == len(known) and sorted(word) != sorted(known):
        return False  # plac is not plan
    allowed = 2 if len(known) >= _LONG and abs(len(word) - len(known)) <= 1 else 1
    return _distance(word, known) <= allowed


def _distance(first: str, second: str) -> int:
    """Letters that were added, left out or replaced, and neighbours that changed places (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, start=1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(second, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, first[i - 2]) == (second[j - 2], other):
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]
