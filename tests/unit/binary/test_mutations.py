"""Damaged binaries: never an exception, never long, and never free where code or data say otherwise."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nogilcheck.binary import Isolated, declaration_of
from nogilcheck.model.declaration import Declaration, Declared
from tests.support.binaries import CORPUS, binary

SEEDS = [
    "static-not-used-O2", "static-relr", "runtime-O2-1", "heap-O2-1", "single-O2-used", "environment-O2-3", "several",
    "export-nested", "arm64-runtime-O2-1", "arm64-single-O0-1", "delegated-O2", "both-315",
]  # fmt: skip
NATIVE = ["windows-x64-runtime-1", "windows-arm64-single-1", "macos-x64-static-1", "macos-arm64-single"]
"""Read by native code, which only a process of its own survives at its worst."""
DEFAULT = 300
MANY = 10_000


def mutated(seeds: list[str], count: int) -> Iterator[tuple[bytes, str, str]]:
    """Seeds with some bytes changed, moved or cut off, the same ones every time."""
    chance = random.Random(2026)
    for _ in range(count):
        each = binary(chance.choice(seeds))
        data = bytearray(each.data)
        for _ in range(chance.randint(1, 8)):
            at = chance.choice([chance.randrange(len(data)), chance.randrange(min(len(data), 1024))])
            kind = chance.randrange(4)
            if kind == 0:
                data[at] = chance.randrange(256)
            elif kind == 1:
                data[at : at + 8] = chance.choice([0, 1, 2**31, 2**63 - 1, 2**64 - 1, at]).to_bytes(8, "little")
            elif kind == 2:
                other = chance.randrange(len(data))
                data[at : at + 64] = data[other : other + 64]
            else:
                data[at : at + 4] = chance.randbytes(4)
        if chance.random() < 0.1:
            del data[chance.randrange(len(data)) :]
        yield bytes(data), each.file, each.python


def test_some_damaged_binaries() -> None:
    for data, file, python in mutated(SEEDS, DEFAULT):
        assert isinstance(declaration_of(data, file, python), Declaration)


def test_some_damaged_binaries_for_native_readers() -> None:
    with Isolated(seconds=20) as isolated:
        for data, file, python in mutated(NATIVE, DEFAULT // 4):
            assert isinstance(isolated.declaration_of(data, file, python), Declaration)


@pytest.mark.tools
def test_many_damaged_binaries() -> None:
    with Isolated(seconds=20) as isolated:
        for data, file, python in mutated(SEEDS + NATIVE, MANY):
            assert isinstance(isolated.declaration_of(data, file, python), Declaration)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.sampled_from(["static-used-O2", "changed-O2", "single-O2-used", "runtime-O2-0"]), st.data())
def test_no_cut_makes_a_module_free(name: str, data: st.DataObject) -> None:
    each = binary(name)
    cut = each.data[: data.draw(st.integers(0, len(each.data)))]
    assert declaration_of(cut, each.file, each.python).declared is not Declared.NOT_USED


@given(st.text(max_size=40), st.text(max_size=10))
def test_any_names(filename: str, python: str) -> None:
    data = CORPUS["plain/libdemo.so"].data
    assert isinstance(declaration_of(data, filename, python), Declaration)
