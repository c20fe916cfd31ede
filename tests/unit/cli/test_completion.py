from __future__ import annotations

import pytest

from nogilcheck.cli.completion import insert_check

COMMANDS = ("check", "explain")
OPTIONS = ("--version", "-V")


@pytest.mark.parametrize(
    ("line", "completed"),
    [
        ("nogilcheck", "nogilcheck"),
        ("nogilcheck ", "nogilcheck "),
        ("nogilcheck ex", "nogilcheck ex"),
        ("nogilcheck explain gil", "nogilcheck explain gil"),
        ("nogilcheck --ver", "nogilcheck --ver"),
        ("nogilcheck --version ", "nogilcheck --version "),
        ("nogilcheck --", "nogilcheck check --"),
        ("nogilcheck -", "nogilcheck check -"),
        ("nogilcheck --form", "nogilcheck check --form"),
        ("nogilcheck ex ", "nogilcheck check ex "),
        ("nogilcheck r.txt --form", "nogilcheck check r.txt --form"),
        ("nogilcheck\nr.txt\n--form", "nogilcheck\ncheck\nr.txt\n--form"),
        ("", ""),
    ],
)
def test_check_is_put_where_it_is_left_out(line: str, completed: str) -> None:
    environ = {"COMP_WORDS": line, "COMP_CWORD": "1"}
    insert_check(environ, COMMANDS, OPTIONS)
    assert environ == {"COMP_WORDS": completed, "COMP_CWORD": "1" if line == completed else "2"}
    other = {"_TYPER_COMPLETE_ARGS": line}
    insert_check(other, COMMANDS, OPTIONS)
    assert other == {"_TYPER_COMPLETE_ARGS": completed}
