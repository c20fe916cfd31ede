"""The table of settings is what the command line has, and what the reference page says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import typer.main

from nogilcheck.cli.check_job import STRATEGIES, Flags
from nogilcheck.cli.commands.check import check
from nogilcheck.config.table import BY_NAME, SETTINGS, WAIVER_KEYS, Kind, Setting

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "configuration.md"
app = typer.Typer(add_completion=False)
app.command("check")(check)
OPTIONS: dict[str, Any] = {
    option: parameter
    for parameter in typer.main.get_command(app).params
    for option in (*parameter.opts, *parameter.secondary_opts)
}


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) + "\n"


def _default(setting: Setting) -> str:
    if isinstance(setting.default, list) and setting.default:
        return ", ".join(f"`{item}`" for item in setting.default)
    return ""


def settings_table() -> str:
    rows = [
        [
            f"`{setting.name}`" if setting.in_file else "(not in the file)",
            str(setting.kind),
            f"`{setting.flag}`" if setting.flag else "arguments" if setting.name == "inputs" else "",
            f"`{setting.variable}`" if setting.variable else "",
            setting.help + (f" One of {', '.join(f'`{one}`' for one in setting.choices)}." if setting.choices else ""),
            _default(setting),
        ]
        for setting in SETTINGS
    ]
    return _table(("key", "value", "flag", "variable", "what it says", "default"), rows)


def waivers_table() -> str:
    return _table(("key", "value", "what it says"), [[f"`{key.name}`", key.type, key.help] for key in WAIVER_KEYS])


def page() -> str:
    """The page with its tables made anew."""
    text = PAGE.read_text(encoding="utf-8")
    for begin, end, made in (
        ("<!-- settings -->\n", "<!-- end of settings -->", settings_table()),
        ("<!-- waivers -->\n", "<!-- end of waivers -->", waivers_table()),
    ):
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        assert found
        text = before + begin + made + end + after
    return text


def test_the_page_is_made_from_the_table() -> None:
    """After a change of the table: ``python -m tests.unit.config.test_reference``."""
    assert page() == PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", [one for one in SETTINGS if one.flag], ids=lambda one: str(one.name))
def test_a_setting_is_what_its_flag_is(setting: Setting) -> None:
    option = OPTIONS[str(setting.flag)]
    assert option.name == setting.key
    assert setting.key in get_type_hints(Flags)
    assert option.multiple == (setting.kind in {Kind.NAMES, Kind.TEXTS})
    assert option.is_flag == (setting.kind is Kind.SWITCH)
    assert (getattr(option.type, "min", None) == 0) is (setting.kind is Kind.NUMBER)


ABOUT_ONE_RUN = {
    "help", "inputs", "requirement", "output_format", "output", "verbose", "quiet", "colour", "refresh", "config",
    "no_config", "write_baseline", "annotations",
}  # fmt: skip


def test_every_other_option_is_about_one_run() -> None:
    settings = {setting.key for setting in SETTINGS}
    assert {option.name for option in OPTIONS.values()} - settings <= ABOUT_ONE_RUN


def test_the_strategies_are_those_of_the_command_line() -> None:
    assert BY_NAME["index-strategy"].choices == tuple(STRATEGIES)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
