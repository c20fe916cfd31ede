from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from nogilcheck.inputs.text.input_fingerprint import MAX_FILE_BYTES, current, witness_of, witness_of_bytes
from nogilcheck.model.cache import Witness
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings
from tests.unit.inputs.reading import read, write


def holds(inputs: Inputs) -> bool:
    assert inputs.witnesses is not None
    return all(current(witness) == witness for witness in inputs.witnesses)


def touch(path: str, seconds: int = 1) -> None:
    """A change that leaves the size as it is."""
    os.utime(path, ns=(0, seconds * 10**9))


def test_file(here: Path) -> None:
    write({"a": "1"})
    before = witness_of("file", str(here / "a"))
    assert before == witness_of_bytes(str(here / "a"), b"1")
    touch("a")
    assert current(before) == before
    write({"a": "2"})
    assert current(before) != before
    assert current(before).sha256


def test_missing_things_have_an_empty_hash(here: Path) -> None:
    assert witness_of("file", str(here / "nope")).sha256 == ""
    assert witness_of("file", str(here)).sha256 == ""
    assert witness_of("file", "\0").sha256 == ""
    assert witness_of("directory", str(here / "nope")).sha256 == ""
    assert witness_of("variable", "NOT_SET_HERE").sha256 == ""


def test_large_files_are_not_read(here: Path) -> None:
    with Path("big").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    touch("big", 1)
    before = witness_of("file", str(here / "big"))
    assert current(before) == before
    touch("big", 2)
    assert current(before) != before


def test_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "")
    empty = witness_of("variable", "X")
    assert empty.sha256
    monkeypatch.setenv("X", "1")
    assert current(empty) != empty
    monkeypatch.delenv("X")
    assert current(empty) != empty


def test_directory(here: Path) -> None:
    write({"d/a": "1", "d/b": "1", "d/sub/c": "1"})
    before = witness_of("directory", str(here / "d"))
    assert current(before) == before
    changes: list[Callable[[], object]] = [
        lambda: touch("d/a", 5),
        lambda: write({"d/c": ""}),
        lambda: Path("d/c").unlink(),
        lambda: Path("d/a").rename("d/z"),
    ]
    seen = {before.sha256}
    for change in changes:
        change()
        seen.add(current(before).sha256)
    assert len(seen) == 4, "taking the new file away again restores the listing"


def test_an_archive_is_witnessed_without_being_read(here: Path) -> None:
    write({"a.whl": "1"})
    before = witness_of("directory", str(here / "a.whl"))
    touch("a.whl", 5)
    assert current(before) != before


def test_unknown_kind() -> None:
    with pytest.raises(ValueError, match="moon"):
        current(Witness(kind="moon", name="x", sha256=""))


def test_an_answer_holds_until_something_it_rests_on_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERSION", "1")
    wheel = "dist/a-1-py3-none-any.whl"
    included = f"x==${{VERSION}}\n./{wheel}\n-c no.txt\n"
    write({"r.txt": "-r b.txt\n-f wheels\n-f page.html\n./project\n", "b.txt": included})
    write({"wheels/x.whl": "", "page.html": "", "project/setup.py": "", wheel: "", "flags/y.whl": ""})
    flags = IndexSettings(find_links=(str(Path("flags").absolute()),))
    changes: list[Callable[[], object]] = [
        lambda: write({"b.txt": "x\n"}),
        lambda: monkeypatch.setenv("VERSION", "2"),
        lambda: write({"no.txt": ""}),
        lambda: write({"wheels/z.whl": ""}),
        lambda: write({"page.html": "<a>"}),
        lambda: Path("project/setup.py").unlink(),
        lambda: Path("project").joinpath("pyproject.toml").touch(),
        lambda: write({wheel: "1"}),
        lambda: write({"flags/z.whl": ""}),
        lambda: write({"numpy": "a\n"}),
    ]
    for change in changes:
        if change is changes[1]:
            write({"b.txt": included})
        inputs = read("r.txt", "numpy", flags=flags)
        assert holds(inputs)
        change()
        assert not holds(inputs)


def test_find_links_that_appear_beside_the_file_are_noticed() -> None:
    write({"sub/r.txt": "-f wheels\n", "wheels/x": ""})
    inputs = read("sub/r.txt")
    write({"sub/wheels/x": ""})
    assert not holds(inputs)


def test_imports_no_parser() -> None:
    code = (
        "import sys; import nogilcheck.inputs.text.input_fingerprint\n"
        "heavy = {'packaging', 'pip_requirements_parser', 'optparse', 'httpx', 'rich', 'urllib.request'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
