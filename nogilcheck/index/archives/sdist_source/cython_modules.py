"""Extension modules in Cython: the directive of each, and which of its files the build takes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from nogilcheck.index.archives.sdist_source.build_files import DIRECTIVE
from nogilcheck.model.evidence import SourceMark, SourceWord

_INCLUDED: Final = re.compile(rb"^[ \t]*include[ \t]+['\"]([^'\"\n]{1,200})['\"]", re.MULTILINE)
_HEAD: Final = 64 * 1024
"""Bytes of a file in which its directives stand: comments before any code."""


def read_cython(
    files: Mapping[str, bytes], taken: Collection[str], project_wide: Sequence[SourceMark]
) -> Iterator[SourceMark]:
    """What each module that is ``taken`` declares: by its own directive, else by those of a build file, else nothing.

    ``files``: all, since one may include others.
    """
    included = {name.rsplit(b"/", 1)[-1] for data in files.values() for name in _INCLUDED.findall(data)}
    for path, data in sorted(files.items()):
        if path not in taken or path.rsplit("/", 1)[-1].encode("utf-8", "replace") in included:
            continue
        own = _own_directive(path, data)
        yield (
            own
            or next(iter(project_wide), None)
            or SourceMark(
                word=SourceWord.TURNS_ON, path=path, line=1, text="a Cython module without freethreading_compatible"
            )
        )


def _own_directive(path: str, data: bytes) -> SourceMark | None:
    for number, line in enumerate(data[:_HEAD].split(b"\n"), 1):
        bare = line.strip()
        if bare and not bare.startswith(b"#"):
            return None
        match = DIRECTIVE.search(bare) if re.match(rb"#\s*cython\s*:", bare) else None
        if match and match[1]:
            word = SourceWord.RUNS_WITHOUT if match[1].lower() in {b"true", b"1"} else SourceWord.TURNS_ON
            text = " ".join(bare.decode("utf-8", "replace").split())
            return SourceMark(word=word, path=path, line=number, text=text[:200])
    return None
