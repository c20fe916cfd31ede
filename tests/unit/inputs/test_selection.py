from __future__ import annotations

import pytest

from nogilcheck.errors import UsageError
from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.selection import Selection
from nogilcheck.model.lock import Lock
from nogilcheck.model.source import Location, Root


def root(name: str, group: str | None = None, kind: str = "") -> Root:
    assert kind in {"", "extra", "group"}
    return Root(requirement=name, name=name, location=Location(path="p", line=1), group=group, kind=kind)  # type: ignore[arg-type]


ROOTS = (root("core"), root("fast", "speed-up", "extra"), root("test", "dev", "group"), root("docs", "docs", "group"))
CONTENT = Content(roots=ROOTS, extras=("speed-up",), groups=("dev", "docs", "empty"))


def names(selection: Selection) -> list[str | None]:
    return [one.name for one in selection.of_content(CONTENT).roots]


def choose(
    *, extras: tuple[str, ...] = (), groups: tuple[str, ...] = (), all_extras: bool = False, all_groups: bool = False
) -> Selection:
    return Selection.of(extras, groups, all_extras=all_extras, all_groups=all_groups)


def test_only_the_core_unless_more_is_asked_for() -> None:
    assert names(choose()) == ["core"]
    assert names(choose(extras=("Speed_Up",))) == ["core", "fast"]
    assert names(choose(groups=("dev",))) == ["core", "test"]
    assert names(choose(all_extras=True)) == ["core", "fast"]
    assert names(choose(all_groups=True)) == ["core", "test", "docs"]


def test_the_roots_of_a_lock_are_chosen_alike() -> None:
    lock = Lock(path="uv.lock", kind="uv.lock", roots=ROOTS, distributions=())
    found = choose(groups=("docs",)).of_content(Content(lock=lock)).lock
    assert found is not None
    assert [one.name for one in found.roots] == ["core", "docs"]


def test_what_is_left_out_is_said() -> None:
    assert choose(groups=("dev",)).left_out("p", CONTENT) == (
        "p: not checked: extra speed-up (--extra NAME, --all-extras); groups docs, empty (--group NAME, --all-groups)"
    )
    assert choose(all_extras=True, all_groups=True).left_out("p", CONTENT) is None
    assert choose().left_out("p", Content()) is None


def test_an_extra_that_no_file_has_is_an_error() -> None:
    choose(extras=("speed.up",), groups=("empty",)).check([Content(), CONTENT])
    with pytest.raises(UsageError, match="'dev' for --extra") as caught:
        choose(extras=("dev",)).check([CONTENT])
    assert caught.value.hint == "allowed: speed-up"
    with pytest.raises(UsageError, match="'x' for --group"):
        choose(groups=("x",)).check([])
