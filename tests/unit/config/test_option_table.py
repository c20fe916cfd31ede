"""The table of options is what `Options` takes, and what the reference page says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from nogilcheck.config.option import Option
from nogilcheck.config.option_table import BY_NAME, OPTIONS, SETTINGS
from nogilcheck.config.waivers import WAIVER_KEYS
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "configuration.md"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], "|" + "---|" * len(head), *lines[1:]]) + "\n"


def _default(option: Option) -> str:
    return ", ".join(f"`{item}`" for item in option.default or ())


def settings_table() -> str:
    rows = [
        [
            f"`{option.name}`" if option.in_file else "(not in the file)",
            option.toml_type,
            f"`{option.flag}`" if option.flag else "arguments" if option.has_flag else "",
            f"`{option.variable}`" if option.variable else "",
            option.help + (f" One of {', '.join(f'`{name}`' for name in option.choices)}." if option.choices else ""),
            _default(option),
        ]
        for option in SETTINGS
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
    """After a change of the table: ``python -m tests.unit.config.test_option_table``."""
    assert page() == PAGE.read_text(encoding="utf-8")


def test_every_field_of_the_options_is_filled_by_one_entry() -> None:
    filled = {option.fills for option in OPTIONS if option.fills}
    own = {name for name in filled if not name.startswith("settings.")}
    assert own == {field.name for field in fields(Options)} - {"settings"}
    assert {name.removeprefix("settings.") for name in filled - own} <= {field.name for field in fields(IndexSettings)}


def test_names_and_parameters_are_unique() -> None:
    assert len(BY_NAME) == len(OPTIONS) == len({option.parameter for option in OPTIONS})


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
