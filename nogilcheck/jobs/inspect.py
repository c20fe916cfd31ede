"""The inspection: what local wheels and installed environments declare, and what does not fit together in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import InvalidVersion

from nogilcheck import __version__
from nogilcheck.classify.companions import abi_of_tags, check, check_together
from nogilcheck.classify.extensions import FIRST_WITH_ABI3T, abi_of, is_extension, is_for_tests, module_of
from nogilcheck.classify.scanned import settled
from nogilcheck.classify.wheels import is_free_threaded
from nogilcheck.errors import InputError
from nogilcheck.index.archives.core_metadata import parse_metadata, read_fields
from nogilcheck.index.archives.range_readers import read_pieces
from nogilcheck.index.archives.sdist_source.reading import judge_source, read_source
from nogilcheck.inputs.installed.files import find_artifacts, passed_over
from nogilcheck.jobs.scanning.analysis_workers import AnalysisWorkers, continued, is_library
from nogilcheck.model.artifact import Missing
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode
from nogilcheck.model.filenames import is_sdist, normalized
from nogilcheck.model.inspection import (
    Artifact,
    ArtifactKind,
    Inspected,
    InspectedModule,
    InspectedSource,
    Inspection,
    InspectionFinding,
    Unusable,
)
from nogilcheck.model.options import DEFAULT_PLATFORMS, DEFAULT_PYTHONS
from nogilcheck.model.report.shared_state import SharedStateReading, UnreadSource
from nogilcheck.model.target import expand_tags
from nogilcheck.shared_state.reading import sources_among
from nogilcheck.targets.builds import parse_targets

_CFFI_BACKEND = "_cffi_backend"
_OLDER = "cp314t"
"""The newest interpreter that calls no other hook than ``PyInit_``; it takes wheels for ``abi3t`` of older Pythons."""
_PYTHONS = tuple(target.python for target in parse_targets(DEFAULT_PYTHONS, DEFAULT_PLATFORMS))
"""For which the source in an sdist is read."""
_STABLE = frozenset({"abi3", "abi3t"})
_WORST_FIRST = (Declared.USED, Declared.NONE, Declared.UNKNOWN, Declared.NOT_USED, Declared.NOT_A_MODULE)


_Looked = tuple[Artifact, Inspected]
"""An artifact and what its modules declare."""


def inspect(paths: Sequence[str], *, environments: Sequence[str] = ()) -> Inspection:
    """Look into wheels, directories and environments. Nothing of them is imported or run; what is wrong is a value."""
    unusable: list[Unusable] = []
    looked: list[_Looked] = []
    notes: list[str] = []
    sources: list[InspectedSource] = []
    named = [*((path, False) for path in paths), *((path, True) for path in environments)]
    with AnalysisWorkers() as workers:
        for shown, is_environment in named:
            if is_sdist(shown) and not is_environment:
                said = _source(Path(shown), shown)
                if isinstance(said, Unusable):
                    unusable.append(said)
                else:
                    sources.append(said)
                continue
            for artifact in _artifacts(shown, environment=is_environment):
                try:
                    if isinstance(artifact, InputError):
                        raise artifact
                    looked.append(_look(artifact, workers))
                except InputError as error:
                    unusable.append(Unusable(path=error.where or shown, text=error.message))
            for name in passed_over(Path(shown)):
                said = _source(Path(shown, name), str(Path(shown, name)))
                if isinstance(said, Unusable):
                    notes.append(f"{said.path}: its source was not read: {said.text}")
                else:
                    sources.append(said)
    return Inspection(
        tool_version=__version__,
        artifacts=tuple(_finished(looked)),
        unusable=tuple(unusable),
        notes=tuple(notes),
        sources=tuple(sources),
    )


def _source(path: Path, shown: str) -> InspectedSource | Unusable:
    """What the source in an sdist says."""
    contents = read_source(lambda: read_pieces(path), path.name)
    if isinstance(contents, Missing):
        return Unusable(path=shown, text=contents.text)
    return InspectedSource(path=shown, readings=tuple(judge_source(contents, path.name, one) for one in _PYTHONS))


def _artifacts(shown: str, *, environment: bool) -> Iterator[Artifact | InputError]:
    try:
        yield from find_artifacts(Path(shown), shown, environment=environment)
    except InputError as error:
        yield error


def _look(artifact: Artifact, workers: AnalysisWorkers) -> _Looked:
    name, version, tags = _identity(artifact)
    default = abi_of_tags(tags) if tags else artifact.abi
    abis = {path: _abi(path, default, artifact) for path in artifact.members if is_extension(path)}
    modules = tuple(
        InspectedModule(path=path, abi=abis[path], declaration=declaration, for_tests=is_for_tests(path))
        for path, declaration in _for_older(artifact, tags, _declarations(artifact, abis, workers), workers).items()
    )
    claims = None if artifact.metadata is None else parse_metadata(artifact.metadata, origin="local").free_threading
    free_threaded = is_free_threaded(tags) if tags else (artifact.abi or "t").endswith("t")
    inspected = Inspected(
        path=artifact.path,
        kind=artifact.kind,
        name=name,
        version=version,
        tags=tags,
        free_threaded=free_threaded,
        claims=claims or None,
        modules=modules,
        shared_state=_shared_state(artifact, workers) if artifact.sources else None,
    )
    return artifact, inspected


def _shared_state(artifact: Artifact, workers: AnalysisWorkers) -> SharedStateReading:
    wanted, left_out = sources_among(artifact.sources)
    sources: dict[str, bytes] = {}
    for path in wanted:
        try:
            sources[path] = artifact.read(path)
        except InputError as error:
            left_out.append(UnreadSource(path=path, text=error.message))
    reading = workers.shared_state_of(sources)
    return replace(reading, unread=(*reading.unread, *left_out))


def _identity(artifact: Artifact) -> tuple[str | None, str | None, str]:
    """Name, version and tags. Raises `InputError` for a wheel's file name that says none of it."""
    if artifact.kind is ArtifactKind.WHEEL:
        try:
            project, version, _, _ = parse_wheel_filename(artifact.filename)
        except (InvalidWheelFilename, InvalidVersion) as error:
            raise InputError(f"not the file name of a wheel: {error}", where=artifact.path) from error
        return project, str(version), "-".join(artifact.filename.removesuffix(".whl").split("-")[-3:])
    if artifact.metadata is None:
        return None, None, ""
    raw, _ = read_fields(artifact.metadata)
    name = raw.get("name")
    return (normalized(name) if name else None), raw.get("version"), ""


def _declarations(artifact: Artifact, abis: Mapping[str, str], workers: AnalysisWorkers) -> dict[str, Declaration]:
    """By path. No more modules are in memory than are being judged."""
    declarations: dict[str, Declaration] = {}
    paths = iter(abis)
    while some := list(islice(paths, workers.processes)):
        started = [(path, workers.start(artifact.read(path), path, abis[path])) for path in some]
        declarations |= {path: promise.wait() for path, promise in started}
    libraries = {name: size for name, size in artifact.sizes.items() if is_library(name)}
    for abi in dict.fromkeys(abis.values()):
        mine = {path: declaration for path, declaration in declarations.items() if abis[path] == abi}
        declarations |= continued(workers, mine, abi, libraries, artifact.read)
    return declarations


def _for_older(
    artifact: Artifact, tags: str, declarations: dict[str, Declaration], workers: AnalysisWorkers
) -> dict[str, Declaration]:
    """With what the older of two hooks declares, where interpreters that know no other install the wheel too."""
    tagged = [python for python, abi, _ in expand_tags(tags) if abi == "abi3t"]
    if not any(python.removeprefix("cp3").isdecimal() and int(python[3:]) < FIRST_WITH_ABI3T for python in tagged):
        return declarations
    both = [path for path, declaration in declarations.items() if len(declaration.hooks) > 1]
    older = {path: workers.declaration_of(artifact.read(path), path, _OLDER) for path in both}
    return declarations | {path: _worse(older[path], declarations[path]) for path in both}


def _worse(older: Declaration, newer: Declaration) -> Declaration:
    """What is worse of what a module declares to 3.14t and to newer interpreters, with the evidence of both."""
    if older.declared is newer.declared:
        return newer
    slices = [(_OLDER, older), ("cp315t", newer)]
    evidence = [fact for name, one in slices for fact in (Fact(code=FactCode.SLICE, detail=(name,)), *one.evidence)]
    return replace(
        newer, declared=min(older.declared, newer.declared, key=_WORST_FIRST.index), evidence=tuple(evidence)
    )


def _abi(path: str, default: str | None, artifact: Artifact) -> str:
    """The interpreter for which a module is judged: the one that would load it there, else what its suffix says."""
    named = abi_of(path)
    if default in _STABLE or (artifact.abi is not None and named in _STABLE):
        return default or "cp315t"
    return named or default or "cp315t"


def _finished(looked: Sequence[_Looked]) -> Iterator[Inspected]:
    delegates = _delegates(looked)
    together = _together(looked)
    for artifact, found in looked:
        modules = tuple(replace(module, declaration=settled(module.declaration, delegates)) for module in found.modules)
        whole = replace(found, modules=modules)
        of_release = together.get((found.name, found.version))
        yield replace(whole, findings=(*check(artifact, whole), *([of_release] if of_release else [])))


def _delegates(looked: Iterable[_Looked]) -> dict[str, Declaration]:
    """The declaration of ``_cffi_backend``, where it was looked into as well."""
    delegates: dict[str, Declaration] = {}
    for _, found in looked:
        for module in found.modules:
            if found.free_threaded and module_of(module.path) == _CFFI_BACKEND:
                delegates[_CFFI_BACKEND] = module.declaration
    return delegates


def _together(looked: Sequence[_Looked]) -> dict[tuple[str | None, str | None], InspectionFinding | None]:
    releases: dict[tuple[str | None, str | None], list[Inspected]] = {}
    for _, found in looked:
        releases.setdefault((found.name, found.version), []).append(found)
    return {release: check_together(wheels) for release, wheels in releases.items()}
