"""No text and no bytes end in an exception, and no line is lost."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from nogilcheck.errors import UsageError
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.inputs.requirements.options import parse_options
from nogilcheck.inputs.requirements.reader import RequirementsReader
from nogilcheck.inputs.text.logical_lines import logical_lines
from nogilcheck.inputs.text.sources import stdin_source
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings

SECRET = "s3cret"
URL = f"https://u:{SECRET}@h/x"

# fmt: off
WORDS = (
    "numpy", "==", ">=1", "[x]", "; ", "python_version<'4'", " @ ", f" {URL}", "./x", "file:", "x.whl",
    "git+https://h/x#egg=", " --hash=sha256:aa", " --hash=", " -", "--", "-e ", "-r ", "-c ", "-f ", "-i ", "--pre",
    "--only-binary ", ":all:", ":none:", ",", "r.txt", "base.txt", "-", "${HOME}", "${", "}", "#", " #", "\\\n", "\n",
    "\r", "\x0c", "\0", "'", '"', " ", "\t", "é", "\ufeff", "\ud800", "[", "]", "(", "/", "..", "=", "~", "@",
)
# fmt: on
TEXTS = st.lists(st.sampled_from(WORDS) | st.characters(), max_size=25).map("".join)
NO_FLAGS = IndexSettings()


@pytest.fixture(scope="module", autouse=True)
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    directory = tmp_path_factory.mktemp("here")
    (directory / "base.txt").write_text("base\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        yield


def read_bytes(data: bytes) -> Inputs:
    return read_inputs(["-"], settings=NO_FLAGS, stdin=lambda: data, fetch=None)


@given(st.binary(max_size=200) | TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(deadline=None, max_examples=150)
def test_bytes(data: bytes) -> None:
    # hypothesis tries the literals of this file by themselves, too.
    assume(SECRET.encode() not in data.replace(f" {URL}".encode(), b""))
    inputs = read_bytes(data)
    assert SECRET not in repr((inputs.roots, inputs.constraints, inputs.unread, inputs.notes))


@given(TEXTS)
@settings(deadline=None, max_examples=300)
def test_every_line_is_accounted_for(text: str) -> None:
    """A root or a constraint, an option or an include, or a line that could not be read."""
    for line in logical_lines(text.encode("utf-8", "ignore").decode(), lambda name: None):
        reader = RequirementsReader(NO_FLAGS, None)
        # In the second line a byte order mark is none, and before a comment a backslash continues nothing.
        content = reader.read(stdin_source(), f"\n{line.written} #".encode())
        said = content.roots or content.constraints or content.unread
        assert said or line.text.startswith("-"), line
        if not said:
            parse_options(line.text)


@given(TEXTS)
@settings(deadline=None, max_examples=150)
def test_arguments(text: str) -> None:
    with contextlib.suppress(UsageError):
        read_inputs([text], settings=NO_FLAGS, stdin=lambda: b"", fetch=None)


@given(st.lists(TEXTS, min_size=1, max_size=4))
@settings(deadline=None, max_examples=100)
def test_files_that_include_one_another(texts: list[str]) -> None:
    for number, text in enumerate(texts):
        includes = f"-r {(number + 1) % len(texts)}.txt\n-c {number}.txt\n"
        Path(f"{number}.txt").write_bytes((text + "\n" + includes).encode("utf-8", "surrogatepass"))
    read_inputs(["0.txt"], settings=NO_FLAGS, stdin=lambda: b"", fetch=None)
