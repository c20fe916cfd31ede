"""Modules that hand over to a library beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from nogilcheck.jobs.scanning import analysis_workers
from nogilcheck.jobs.scanning.analysis_workers import AnalysisWorkers, continued, is_library
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

HANDING_OVER = Declaration(
    declared=Declared.UNKNOWN,
    continues_at="start",
    evidence=(Fact(code=FactCode.HOOK, detail=("PyInit_m",)), Fact(code=FactCode.HANDED_OVER, detail=("start",))),
)


class Worker:
    """Says of a library what its bytes say."""

    asked: list[tuple[bytes, str, dict[str, str]]] = []  # noqa: RUF012  emptied by each test

    def __init__(self, **limits: Any) -> None:
        del limits

    def continuations_of(self, data: bytes, python: str, functions: Mapping[str, str]) -> dict[str, Declaration]:
        self.asked.append((data, python, dict(functions)))
        return {name: Declaration(declared=Declared(data.decode().split()[-1])) for name in functions}

    def close(self) -> None:
        pass


@pytest.fixture(autouse=True)
def _workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_workers, "Isolated", Worker)
    Worker.asked.clear()


def follow(libraries: dict[str, str], declaration: Declaration = HANDING_OVER) -> Declaration:
    with AnalysisWorkers() as made:
        sizes = {name: len(data) for name, data in libraries.items()}
        declarations = {"m.so": declaration, "other.so": Declaration(declared=Declared.NOT_USED)}
        found = continued(made, declarations, "cp314t", sizes, lambda name: libraries[name].encode())
    assert found["other.so"] == declarations["other.so"]
    return found["m.so"]


def test_a_library_that_has_the_function_tells() -> None:
    found = follow({"lib/libx.so": "start not-used", "lib/libother.so": "stop used", "m.so": "start used"})
    assert (found.declared, found.continues_at) == (Declared.NOT_USED, None)
    assert found.evidence[1] == Fact(code=FactCode.HANDED_OVER, detail=("start", "libx.so"))
    assert Worker.asked == [(b"start not-used", "cp314t", {"m.so": "start"})]


@pytest.mark.parametrize(
    ("libraries", "declared"),
    [
        ({"a.so": "start not-used", "b.so": "start not-used"}, Declared.NOT_USED),
        ({"a.so": "start not-used", "b.so": "start used"}, Declared.UNKNOWN),
        ({"a.so": "start not-a-module", "b.so": "start used"}, Declared.USED),
        ({"a.so": "start unknown"}, Declared.UNKNOWN),
        ({}, Declared.UNKNOWN),
    ],
)
def test_several_libraries_have_to_agree(libraries: dict[str, str], declared: Declared) -> None:
    assert follow(libraries).declared is declared


def test_what_hands_over_to_nothing_is_left_alone() -> None:
    known = Declaration(declared=Declared.USED)
    assert follow({"a.so": "start not-used"}, known) is known
    assert Worker.asked == []


def test_no_more_is_read_than_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis_workers, "CONTINUED_BYTES", 20)
    assert follow({"a.so": "start not-used", "b.so": "start used            "}).declared is Declared.NOT_USED
    assert len(Worker.asked) == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("lib/libx.so", True),
        ("x.libs/libx-1a2b.so.1.2", True),
        ("x/.dylibs/libx.1.dylib", True),
        ("x.libs/x.dll", True),
        ("x/x.so.txt", False),
        ("x/so", False),
    ],
)
def test_libraries_go_by_their_suffix(name: str, expected: bool) -> None:
    assert is_library(name) is expected


def test_a_process_that_fails_fails_who_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> Declaration:
        raise OSError("no more processes")

    monkeypatch.setattr(Worker, "declaration_of", broken, raising=False)
    with AnalysisWorkers() as made, pytest.raises(OSError, match="no more processes"):
        made.start(b"", "m.so", "cp314t").wait()
