"""The archives that a decision depends on: found on the index, and read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nogilcheck.classify.decide import Archives, ArchivesNeeded
from nogilcheck.frozen import frozen
from nogilcheck.index.fetcher import IndexFetcher
from nogilcheck.model.artifact import Metadata, Missing, ReleaseFile
from nogilcheck.model.graph import Node
from nogilcheck.resolve.locked.files import locate


@frozen
class ArchivesToRead:
    """The archives that a decision depends on, or why they cannot be read."""

    sdist: ReleaseFile | Missing | None
    wheels: Mapping[str, ReleaseFile | Missing]
    """By file name."""

    def prefetch(self, fetcher: IndexFetcher) -> None:
        """Start reading them."""
        if isinstance(self.sdist, ReleaseFile):
            fetcher.prefetch_metadata(self.sdist)
        for wheel in self._wheels():
            fetcher.prefetch_listing(wheel)

    def read(self, fetcher: IndexFetcher) -> Archives:
        """Read the archives; blocks."""
        source = self.sdist
        if isinstance(source, ReleaseFile):
            metadata = fetcher.metadata(source)
            evidence = metadata.source if isinstance(metadata, Metadata) else metadata
        else:
            evidence = source
        listings = {
            name: file if isinstance(file, Missing) else fetcher.listing(file) for name, file in self.wheels.items()
        }
        return Archives(listings=listings, source=evidence)

    def _wheels(self) -> Iterator[ReleaseFile]:
        return (file for file in self.wheels.values() if isinstance(file, ReleaseFile))


def located(node: Node, needed: ArchivesNeeded, fetcher: IndexFetcher) -> ArchivesToRead:
    """Find the URLs of the files, which a lock need not have; blocks."""
    return ArchivesToRead(
        sdist=locate(needed.sdist, node, fetcher) if needed.sdist else None,
        wheels={file.filename: locate(file, node, fetcher) for file in needed.wheels},
    )
