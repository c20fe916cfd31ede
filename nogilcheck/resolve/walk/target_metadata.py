"""What the wheels of a target require, where they may differ from those that the regular build gets.

The wheels of one version need not have the same metadata. The regular build decides the versions; where the target's
own wheel of one requires something else, that is what an installer follows on the target.
"""

from __future__ import annotations

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from nogilcheck.frozen import frozen
from nogilcheck.model.artifact import Fetcher, Missing, ReleaseFile
from nogilcheck.model.graph import Refusal
from nogilcheck.model.target import Target
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates

_WITH_IT = "the whole release is refused for another wheel"


@frozen
class TargetWheel:
    """What the target gets of one version, as far as that is not what the regular build gets."""

    file: ReleaseFile | None = None
    """The wheel whose metadata count on the target; ``None``: those of the regular build's file do."""
    unread: Missing | None = None
    """Why the metadata of the target's wheel are not known."""
    refused: tuple[Refusal, ...] = ()
    stops: str = ""
    """The file at which pip stops with an error, and why in a clause."""


def own_wheel(project: ProjectCandidates, version: Version, target: Target) -> ReleaseFile | None:
    """The wheel that a target gets, if its metadata may differ from those that the walk read; asks no index.

    They do not where the page gives one digest for both ``.metadata`` files (PEP 658).
    """
    regular, own = project.metadata_file(version), project.best_for(version, target)
    if regular is None or own is None or own.kind != "wheel" or own.url == regular.url:
        return None
    return None if own.metadata_hash and own.metadata_hash == regular.metadata_hash else own


def target_wheel(project: ProjectCandidates, version: Version, target: Target, fetcher: Fetcher) -> TargetWheel:
    """Look at the wheel that a target gets, reading its metadata where they may differ; blocks."""
    if own_wheel(project, version, target) is None:
        return TargetWheel()
    seen = project.seen_by(target)
    fitting = [file for file in seen.admitted(version) if file.kind == "wheel" and target.best_tag(file.tags)]
    seen.discards(version)
    flaws = seen.discarded.get(version, {})
    stops = next((f"{name}: {flaw.text}" for name, flaw in flaws.items() if flaw.stops), "")
    own = seen.best(version)
    left = {file.url for file in seen.page.files(version)}
    refused = [
        Refusal(filename=file.filename, why=flaws[file.filename].text if file.filename in flaws else _WITH_IT)
        for file in fitting
        if file.url not in left
    ]
    if own is None or own.kind != "wheel":
        return TargetWheel(refused=tuple(refused), stops=stops)
    metadata = fetcher.metadata(own)
    if isinstance(metadata, Missing):
        return TargetWheel(unread=metadata, refused=tuple(refused))
    if not target.admits_python(metadata.requires_python):
        why = f"its Requires-Python is {metadata.requires_python}"
        refused += [
            Refusal(filename=file.filename, why=why if file == own else _WITH_IT, for_python=True)
            for file in fitting
            if file.url in left
        ]
        own = None
    return TargetWheel(file=own, refused=tuple(refused))


def gets_newer(project: ProjectCandidates, target: Target, chosen: Version, specifiers: SpecifierSet) -> bool:
    """Whether a target gets a permitted version of which the build gets nothing, and which is preferred. Blocks."""
    seen = project.seen_by(target)
    for version in project.permitted_from(chosen, specifiers):
        if project.best(version) is None or version in project.excluded_by_metadata:
            own = seen.best(version)
            if own and own.kind == "wheel" and not own.yanked and not seen.metadata_excludes(version):
                return True
    return False
