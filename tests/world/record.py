"""Records a part of a real index as a universe without scenarios: see `tests.record`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import TypeVar

from packaging.version import Version

from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.index.http.connections import Connections
from nogilcheck.index.pages.page_policy import PagePolicy
from nogilcheck.jobs.check import check
from nogilcheck.model.artifact import Dependency, Metadata, Missing, ProjectPage, ReleaseFile
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from nogilcheck.store.sqlite_cache import SqliteCache
from nogilcheck.targets.builds import parse_targets

T = TypeVar("T", ProjectPage, Metadata)

OLDER = 1
"""Versions recorded below those that were chosen: the resolution has something to prefer them to."""
NEWEST = 3
"""Versions recorded of the newest ones, where older ones were chosen: the resolution has to find out again why."""


class RecordingError(Exception):
    """There is nothing to be recorded; the text says why."""


def record(index_url: str, checks: Iterable[Options]) -> str:
    """The projects that these checks end up with, as TOML. Raises `RecordingError`.

    Of each project it has the versions that were chosen, the `NEWEST` and `OLDER` older ones, if they have a wheel:
    what an sdist shows of itself is not recorded. Of these it has the wheels for the platforms of the checks.
    """
    settings = IndexSettings(index_url=index_url)
    checks = [replace(options, settings=settings, no_cache=True) for options in checks]
    platforms = {
        tag.rpartition("-")[2]
        for options in checks
        for target in parse_targets(options.pythons, options.platforms)
        for tag in target.tags
    }
    chosen = _chosen(checks)
    with (
        closing(Connections()) as connections,
        IndexFetcher(
            settings=settings,
            cache=SqliteCache(),
            connections=connections,
            policy=PagePolicy(),
            files_to_prefetch=lambda page: (),
            names_to_prefetch=lambda metadata: (),
        ) as fetcher,
    ):
        fetcher.prefetch(chosen)
        pages = [(_found(fetcher.page(name)), versions) for name, versions in sorted(chosen.items())]
        recorded = [(page, version) for page, versions in pages for version in _worth_recording(page, versions)]
        for page, version in recorded:
            fetcher.prefetch_metadata(_wheels(page, version)[0])
        return "\n".join(
            _version(page, version, _found(fetcher.metadata(_wheels(page, version)[0])), platforms)
            for page, version in recorded
        )


def _chosen(checks: Iterable[Options]) -> dict[str, set[Version]]:
    """The chosen versions of every project, by name."""
    chosen: dict[str, set[Version]] = {}
    for report in map(check, checks):
        if report.gaps:
            raise RecordingError("\n".join(gap.text for gap in report.gaps))
        for distribution in report.distributions:
            if distribution.version is not None:
                chosen.setdefault(distribution.name, set()).add(Version(distribution.version))
    return chosen


def _worth_recording(page: ProjectPage, chosen: set[Version]) -> Iterator[Version]:
    """Newest first."""
    with_wheel = [version for version in page.versions if _wheels(page, version)]
    if missing := chosen.difference(with_wheel):
        raise RecordingError(f"{page.name} {min(missing)} has no wheel")
    oldest = with_wheel.index(min(chosen))
    for position, version in enumerate(with_wheel[: oldest + 1 + OLDER]):
        if position < NEWEST or position >= oldest or version in chosen:
            yield version


def _wheels(page: ProjectPage, version: Version) -> list[ReleaseFile]:
    return [file for file in page.files(version) if file.kind == "wheel"]


def _found(answer: T | Missing) -> T:
    if isinstance(answer, Missing):
        raise RecordingError(answer.text)
    return answer


def _version(page: ProjectPage, version: Version, metadata: Metadata, platforms: set[str]) -> str:
    files, wheels = page.files(version), _wheels(page, version)
    wheels = [file for file in wheels if not platforms.isdisjoint(file.tags.rpartition("-")[2].split("."))] or wheels
    lines = [f"[projects.{page.name}.{_quoted(str(version))}]"]
    if files[0].requires_python is not None:
        lines.append(f"requires-python = {_quoted(files[0].requires_python)}")
    if any(file.yanked for file in files):
        lines.append("yanked = true")
    if uploaded := page.last_upload(version):
        lines.append(f"upload-time = {_quoted(uploaded)}")
    if metadata.requires:
        lines.append(f"requires = {_array(_quoted(_requirement(entry)) for entry in metadata.requires)}")
    if metadata.extras:
        lines.append(f"extras = {{ {', '.join(f'{extra} = []' for extra in metadata.extras)} }}")
    lines.append(f"wheels = {_array(sorted(_wheel(file, page.name) for file in wheels))}")
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
