"""Records what this project itself depends on, from the real index, as a universe without scenarios.

``python -m tests.world.record`` rewrites ``fixtures/recorded/own-tree.toml``; a dependency that was added to
pyproject.toml, or that wants newer versions than were recorded, asks for it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import TypeVar

from packaging.version import Version

from nogilcheck.checker import check
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.model.artifact import Dependency, Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.options import DEFAULT_INDEX_URL, Options
from nogilcheck.model.source import IndexSettings
from nogilcheck.store.null import NullCache
from tests.support.own_tree import EXTRAS, PYTHONS, RECORDING, own_requirements

T = TypeVar("T", ProjectPage, Metadata)

OLDER = 1
"""Versions recorded below those that were chosen: the resolution has something to prefer them to."""


class RecordingError(Exception):
    """The tree cannot be recorded; the text says why."""


def record(index_url: str) -> str:
    """The projects that the own tree of any extra needs on any target, as TOML. Raises `RecordingError`.

    Of each project it has the versions that were chosen, all newer ones and `OLDER` older ones, if they have a
    wheel: what an sdist shows of itself is not recorded.
    """
    settings = IndexSettings(index_url=index_url)
    oldest = _oldest_chosen(settings)
    with IndexFetcher(
        settings=settings, cache=NullCache(), likely=lambda page: (), heard=lambda metadata: ()
    ) as fetcher:
        fetcher.prefetch(oldest)
        pages = [(_found(fetcher.page(name)), version) for name, version in sorted(oldest.items())]
        versions = [(page, version) for page, chosen in pages for version in _worth_recording(page, chosen)]
        for page, version in versions:
            fetcher.prefetch_metadata(_wheels(page, version)[0])
        return "\n".join(
            _version(page, version, _found(fetcher.metadata(_wheels(page, version)[0]))) for page, version in versions
        )


def _oldest_chosen(settings: IndexSettings) -> dict[str, Version]:
    """The oldest chosen version of every project, by name."""
    oldest: dict[str, Version] = {}
    for extras in EXTRAS:
        report = check(
            Options(
                inputs=own_requirements(*extras),
                pythons=PYTHONS,
                platforms=("all",),
                settings=settings,
                no_cache=True,
            )
        )
        if report.gaps:
            raise RecordingError("\n".join(gap.text for gap in report.gaps))
        for distribution in report.distributions:
            if distribution.version is not None:
                version = Version(distribution.version)
                oldest[distribution.name] = min(version, oldest.get(distribution.name, version))
    return oldest


def _worth_recording(page: ProjectPage, chosen: Version) -> Iterator[Version]:
    """Newest first."""
    if not _wheels(page, chosen):
        raise RecordingError(f"{page.name} {chosen} has no wheel")
    with_wheel = [version for version in page.versions if _wheels(page, version)]
    yield from with_wheel[: with_wheel.index(chosen) + 1 + OLDER]


def _wheels(page: ProjectPage, version: Version) -> list[ReleaseFile]:
    return [file for file in page.files(version) if file.kind == "wheel"]


def _found(answer: T | Missing) -> T:
    if isinstance(answer, Missing):
        raise RecordingError(answer.text)
    return answer


def _version(page: ProjectPage, version: Version, metadata: Metadata) -> str:
    files = page.files(version)
    lines = [f"[projects.{page.name}.{_quoted(str(version))}]"]
    if files[0].requires_python is not None:
        lines.append(f"requires-python = {_quoted(files[0].requires_python)}")
    if any(file.yanked for file in files):
        lines.append("yanked = true")
    if metadata.requires:
        lines.append(f"requires = {_array(_quoted(_requirement(entry)) for entry in metadata.requires)}")
    if metadata.extras:
        lines.append(f"extras = {{ {', '.join(f'{extra} = []' for extra in metadata.extras)} }}")
    lines.append(f"wheels = {_array(sorted(_wheel(file, page.name) for file in _wheels(page, version)))}")
    lines += [f"sdist = {_sdist(file, page.name)}" for file in files if file.kind == "sdist"][:1]
    return "\n".join(lines) + "\n"


def _requirement(dependency: Dependency) -> str:
    extras = f"[{','.join(dependency.extras)}]" if dependency.extras else ""
    marker = f" ; {dependency.marker}" if dependency.marker else ""
    return f"{dependency.name}{extras}{dependency.specifier}{marker}"


def _wheel(file: ReleaseFile, project: str) -> str:
    tag = f"{file.build}-{file.tags}" if file.build else file.tags
    if file.filename == f"{_stem(file, project)}-{tag}.whl":
        return _quoted(tag)
    return f"{{ tag = {_quoted(tag)}, filename = {_quoted(file.filename)} }}"


def _sdist(file: ReleaseFile, project: str) -> str:
    usual = file.filename == f"{_stem(file, project)}.tar.gz"
    return "true" if usual else f"{{ filename = {_quoted(file.filename)} }}"


def _stem(file: ReleaseFile, project: str) -> str:
    """How a universe begins a file name that it is not told."""
    return f"{project.replace('-', '_')}-{file.version}"


def _array(values: Iterable[str]) -> str:
    found = list(values)
    return f"[{found[0]}]" if len(found) == 1 else "".join(["[\n", *(f"    {value},\n" for value in found), "]"])


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are among its own."""
    return json.dumps(text, ensure_ascii=False)


def main() -> None:
    """Rewrite the recording."""
    try:
        body = record(DEFAULT_INDEX_URL)
    except RecordingError as error:
        sys.exit(str(error))
    when = datetime.now(UTC).date()
    head = (
        f"# Recorded from {DEFAULT_INDEX_URL} on {when} by `python -m tests.world.record`; not edited by hand.\n"
        'description = "What nogilcheck and its extras depend on"\n\n'
    )
    RECORDING.parent.mkdir(exist_ok=True)
    RECORDING.write_text(head + body, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
