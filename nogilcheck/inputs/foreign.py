"""Files of other tools that are not read: what they are, and what to give instead."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path

from nogilcheck.frozen import frozen


@frozen
class ForeignFormat:
    """A format that is known and not read."""

    what: str
    hint: str
    lists: bool = False
    """It tells of what was built, rather than what a project requires."""


_BILL_HINT = "write it as CycloneDX JSON or SPDX 2.3 JSON, and name that file"
_CYCLONEDX_XML = ForeignFormat(what="CycloneDX as XML, which is not supported", hint=_BILL_HINT, lists=True)
_SPDX_TEXT = ForeignFormat(what="SPDX, but not as JSON, which is not supported", hint=_BILL_HINT, lists=True)
SPDX_3 = ForeignFormat(what="SPDX 3, which is not supported", hint=_BILL_HINT, lists=True)

_BY_NAME = {
    "conda-*.lock": ForeignFormat(
        what="an explicit list of conda packages, which is not supported",
        hint="check the environment itself (nogilcheck --env DIRECTORY), or its conda-lock.yml",
    ),
    **dict.fromkeys(("bom.xml", "*.cdx.xml"), _CYCLONEDX_XML),
    **dict.fromkeys(("*.spdx", "*.spdx.xml", "*.spdx.yml", "*.spdx.yaml", "*.spdx.rdf*"), _SPDX_TEXT),
}

_BY_CONTENT = (
    (re.compile(rb"\ASPDXVersion:|spdx\.org/rdf/terms"), _SPDX_TEXT),
    (re.compile(rb"spdx\.org/rdf/3"), SPDX_3),
    (re.compile(rb"cyclonedx\.org/schema/bom"), _CYCLONEDX_XML),
)
_HEAD = 4096
"""Bytes at the beginning of a file that tell what it is."""


def foreign_name(name: str) -> ForeignFormat | None:
    """The format that a file name stands for, without a directory."""
    return next((known for pattern, known in _BY_NAME.items() if fnmatchcase(name.lower(), pattern)), None)


def foreign_content(data: bytes) -> ForeignFormat | None:
    """The format that the beginning of a file shows."""
    return next((known for pattern, known in _BY_CONTENT if pattern.search(data[:_HEAD])), None)


def foreign_beside(directory: str) -> list[tuple[str, ForeignFormat]]:
    """The files in a directory whose names are known and that are not read, sorted by name."""
    try:
        names = sorted(entry.name for entry in Path(directory).iterdir())
    except OSError:
        return []
    return [(name, form) for name in names if (form := foreign_name(name)) and not form.lists]
