from __future__ import annotations

from nogilcheck.inputs.file_content.content import Content, joined
from nogilcheck.model.source import Bounds, IndexSettings, Location, NamedIndex


def bounds(line: int, requires_python: str | None, *environments: str) -> Bounds:
    return Bounds(
        project="p", location=Location(path="f", line=line), requires_python=requires_python, environments=environments
    )


def test_pythons_that_are_stated_twice_hold_together() -> None:
    content = joined(Content(bounds=bounds(1, ">=3.9")), Content(bounds=bounds(2, "<4")), Content())
    assert content.bounds == bounds(1, "<4,>=3.9")


def test_environments_join_the_pythons() -> None:
    content = joined(Content(bounds=bounds(1, ">=3.9")), Content(bounds=bounds(2, None, "os_name == 'nt'")))
    assert content.bounds == bounds(1, ">=3.9", "os_name == 'nt'")


def test_the_later_table_says_first_which_index_is_asked() -> None:
    first, second = (IndexSettings(indexes=(NamedIndex(name=name, url=f"https://{name}"),)) for name in "ab")
    settings = joined(Content(settings=first), Content(settings=second)).settings
    assert [index.name for index in settings.indexes] == ["b", "a"]


def test_extras_and_groups_are_named_once() -> None:
    content = joined(Content(extras=("a", "b"), groups=("g",)), Content(extras=("b",), groups=("g", "h")))
    assert (content.extras, content.groups) == (("a", "b"), ("g", "h"))
