"""The public function."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace

from nogilcheck.jobs import check as job
from nogilcheck.model.options import Options
from nogilcheck.model.report.report import Report

Input = str | os.PathLike[str]


def check(
    *inputs: Input,
    python: str | Sequence[str] | None = None,
    platform: str | Sequence[str] | None = None,
    options: Options | None = None,
) -> Report:
    """Resolve everything that the inputs require, and judge each distribution on each target.

    ``inputs`` are what the command takes: files, project directories, requirements (``"pandas>=2"``); none stands for
    the working directory. ``python`` (``"3.14t"``) and ``platform`` (``"linux-x86_64"``) are one name or several.
    ``options`` has everything else; what is given beside it counts instead of what it says.

    Raises `UsageError` for options that make no sense, `InputError` where nothing of the inputs can be read, and
    `CacheError` for a cache directory that was named and cannot be made. Otherwise no input and no network raises: what
    could not be known is among ``report.unknowns``.
    """
    options = options or Options()
    if inputs:
        options = replace(options, inputs=tuple(os.fspath(given) for given in inputs))
    if python is not None:
        options = replace(options, pythons=_several(python))
    if platform is not None:
        options = replace(options, platforms=_several(platform))
    return job.check(options)


def _several(names: str | Sequence[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)
