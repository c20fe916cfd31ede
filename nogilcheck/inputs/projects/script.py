"""Scripts with inline metadata (PEP 723)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath

from nogilcheck.inputs.file_content.content import Content, joined, rewritten
from nogilcheck.inputs.file_content.dependencies import read_dependencies
from nogilcheck.inputs.file_content.document import Document
from nogilcheck.inputs.projects.own_extras import completed
from nogilcheck.inputs.projects.pep621 import read_python
from nogilcheck.inputs.projects.uv import read_uv, redirection
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.inputs.text.toml_document import parse_toml

_OPENING = re.compile(r"# /// (?P<type>[a-zA-Z0-9-]+)")
_CLOSING = "# ///"


def read_script(text: str, path: str, neighbours: Neighbours) -> Content:
    """What the block ``script`` says: dependencies, the Pythons, and ``[tool.uv]``.

    Raises `UnreadableSourceError` for a file without such a block, with several of them, or with one that is no TOML.
    """
    lines = [line.removesuffix("\r") for line in text.split("\n")]
    blocks = [(start, end) for kind, start, end in _blocks(lines) if kind == "script"]
    if not blocks:
        raise _no_block(lines, path)
    if len(blocks) > 1:
        raise UnreadableSourceError(
            "several script blocks, but PEP 723 allows only one", hint="Merge them.", line=blocks[1][0] + 1
        )
    start, end = blocks[0]
    # The TOML begins on the line after the opening one; each line keeps its place.
    content = "\n".join(line[2:] for line in lines[start + 1 : end])
    try:
        parsed = parse_toml(content)
    except UnreadableSourceError as error:
        line = start + 1 + (error.line or 0)
        raise UnreadableSourceError(f"the script block is {error.message}", hint=error.hint, line=line) from error
    document = Document(path, neighbours, parsed, first_line=start + 2)
    return _read_metadata(document)


def _read_metadata(document: Document) -> Content:
    root, diagnostics = document.root, document.diagnostics
    bounds = read_python(root)
    stated = Content(roots=diagnostics.bounded(read_dependencies(root, "dependencies")), bounds=bounds)
    uv = root.table("tool", "uv")
    content = rewritten(joined(stated, read_uv(uv)), redirection(uv), diagnostics)
    if diagnostics.complete and not content.roots:
        diagnostics.note("the script requires nothing", document.where())
    return completed(content, document)


def _blocks(lines: list[str]) -> Iterator[tuple[str, int, int]]:
    """The type of each block, and the positions of its first and last line.

    As the regular expression of PEP 723 finds them, in linear time: a block ends with the last closing line before a
    line that is no comment, and has a line at least between the two.
    """
    at = 0
    while at < len(lines):
        opening = _OPENING.fullmatch(lines[at])
        if opening is None:
            at += 1
            continue
        end = at + 1
        while end < len(lines) and (lines[end] == "#" or lines[end].startswith("# ")):
            end += 1
        closing = next((index for index in range(end - 1, at + 1, -1) if lines[index] == _CLOSING), None)
        if closing is None:
            at = end
        else:
            yield opening["type"], at, closing
            at = closing + 1


def _no_block(lines: list[str], path: str) -> UnreadableSourceError:
    if PurePath(path).name == "setup.py":
        return UnreadableSourceError(
            "setup.py is never run, and states its dependencies nowhere else",
            hint="Name the project's lock, its pyproject.toml or setup.cfg, or what `pip freeze` says.",
        )
    for number, line in enumerate(lines, 1):
        if (opening := _OPENING.fullmatch(line)) and opening["type"] == "script":
            return UnreadableSourceError(
                "the script block is not closed", hint="End it with the line: # ///", line=number
            )
    return UnreadableSourceError(
        "a script without inline metadata (PEP 723): it declares no dependencies",
        hint="Name the file that declares them, such as pyproject.toml or requirements.txt.",
    )
