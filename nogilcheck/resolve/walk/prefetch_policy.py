"""Guess what the walk will ask for next, so that it is fetched in time.

Called on the fetcher's threads, as soon as a page or metadata has arrived. A wrong guess costs a request and changes
no answer.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from nogilcheck.model.artifact import Metadata, ProjectPage, ReleaseFile
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.target import Target
from nogilcheck.resolve.admission import Admission
from nogilcheck.resolve.markers import MarkerEvaluator
from nogilcheck.resolve.versions import merged
from nogilcheck.resolve.walk.project_candidates import ProjectCandidates
from nogilcheck.resolve.walk.target_metadata import own_wheel


class Ahead:
    """Guesses from what has arrived so far, for the builds of one run. Thread-safe."""

    def __init__(
        self, inputs: Inputs, builds: Sequence[Target], *, exclude_newer: str | None, targets: Sequence[Target] = ()
    ) -> None:
        """Create it. ``builds``: those that the run resolves for; ``targets``: those that it judges."""
        self._builds = builds
        self._targets = [
            [target for target in targets if target.twin and target.twin.id == build.id] for build in builds
        ]
        self._markers = [MarkerEvaluator(build.environment) for build in builds]
        stated = (*inputs.roots, *inputs.constraints)
        self._admissions = [
            Admission(
                inputs.settings,
                exclude_newer=exclude_newer,
                roots=[root for root in stated if markers.holds(root.marker) is not False],
            )
            for markers in self._markers
        ]
        self._pre = inputs.settings.pre
        self._lock = threading.Lock()
        self._specifiers: defaultdict[str, set[str]] = defaultdict(set)
        self._extras: defaultdict[str, set[str]] = defaultdict(set)
        """The extras that are asked for, by project."""
        self._arrived: dict[str, Metadata] = {}
        """The metadata that arrived last, by project."""
        self._overridden = frozenset(override.name for override in inputs.overrides)
        effective = [root for root in stated if root.name not in self._overridden]
        for root in (*effective, *inputs.overrides):
            if root.name and root.marker is None:
                self._specifiers[root.name].add(root.specifier)
                self._extras[root.name].update(root.extras)

    def files_to_prefetch(self, page: ProjectPage) -> Iterator[ReleaseFile]:
        """The files to prefetch: those whose metadata the walk most likely needs, and the targets' own wheels.

        Of several with the same metadata one.
        """
        with self._lock:
            specifiers = tuple(self._specifiers[page.name])
        known: set[str] = set()
        for build, targets, admission in zip(self._builds, self._targets, self._admissions, strict=True):
            project = ProjectCandidates(page, build, admission, fetcher=None, pre=self._pre)
            version = project.likely(merged(specifiers))
            if version is None:
                continue
            own = (own_wheel(project, version, target) for target in targets)
            for file in filter(None, (project.metadata_file(version), *own)):
                if (digest := file.metadata_hash or file.url) not in known:
                    known.add(digest)
                    yield file

    def names_to_prefetch(self, metadata: Metadata) -> Iterable[str]:
        """The names to prefetch: the projects that this metadata requires on any of the builds, its extras included.

        Where it asks for extras of a project that has arrived before, the projects that these require as well.
        """
        names: dict[str, None] = {}
        with self._lock:
            self._arrived[metadata.name or ""] = metadata
            waiting = [(metadata, ("", *self._extras[metadata.name or ""]))]
            while waiting:
                arrived, extras = waiting.pop()
                for dependency in arrived.requires:
                    if dependency.url is not None or not self._may_hold(dependency.marker, extras):
                        continue
                    names[dependency.name] = None
                    if dependency.specifier and dependency.name not in self._overridden:
                        self._specifiers[dependency.name].add(dependency.specifier)
                    further = set(dependency.extras) - self._extras[dependency.name]
                    self._extras[dependency.name] |= further
                    if further and (known := self._arrived.get(dependency.name)) is not None:
                        waiting.append((known, tuple(further)))
        return names

    def _may_hold(self, marker: str | None, extras: Iterable[str]) -> bool:
        """Whether the marker holds on any of the builds with any of these extras, as far as is known."""
        return any(markers.holds(marker, extra) is not False for markers in self._markers for extra in extras)
