"""Shell completion of command lines that leave out ``check``."""

from __future__ import annotations

from collections.abc import Collection, MutableMapping

_WORDS = ("COMP_WORDS", "_TYPER_COMPLETE_ARGS")
"""The variables in which typer's scripts hand over the command line: for bash, and for the other shells."""
_POSITION = "COMP_CWORD"


def insert_check(environ: MutableMapping[str, str], commands: Collection[str], options: Collection[str]) -> None:
    """Insert ``check`` into the command line in ``environ`` where it is left out, so that its options are completed.

    ``options`` are those of the program itself. The last word may be incomplete: nothing is inserted where it could
    become one of them or a command.
    """
    for name in _WORDS:
        line = environ.get(name, "").lstrip()
        program, *words = line.split() or [""]
        if not words or words[0] in commands:
            continue
        first, *more = words
        ended = bool(more) or line[-1:].isspace()
        known = [*commands, *(options if first.strip("-") else ())]
        if (first in options) if ended else any(word.startswith(first) for word in known):
            continue
        # Words are separated as the shell's script does it: by line ends in bash.
        between = line[len(program)]
        environ[name] = f"{program}{between}check{line[len(program) :]}"
        if environ.get(_POSITION, "").isdecimal():
            environ[_POSITION] = str(int(environ[_POSITION]) + 1)
