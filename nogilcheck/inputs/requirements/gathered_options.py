"""The options of requirements files, gathered line by line into `IndexSettings`."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.utils import canonicalize_name

from nogilcheck.inputs.file_content.content import first_cutoffs, unique
from nogilcheck.inputs.requirements.options import LineOptions
from nogilcheck.inputs.settings.pip import PipConfiguration
from nogilcheck.inputs.specifiers.requirement import RejectedError
from nogilcheck.inputs.text.paths import absolute, kind_of, url_to_path
from nogilcheck.model.source import Cutoff, IndexSettings, Location, NamedIndex, Unread

ALL = ":all:"
NONE = ":none:"

_Control = tuple[str, str, Location | None]
"""``only-binary`` and the like, with the value and its place."""

_PRE: _Control = ("pre", "", None)
"""``--pre``, among the controls for its place in their order."""


@dataclass(slots=True)
class _Pair:
    """Two sets of names that exclude one another: pip's FormatControl and ReleaseControl."""

    first: set[str]
    second: set[str]

    def add(self, value: str, *, to_first: bool) -> None:
        """``NAME,...`` adds, ``:all:`` replaces everything before it, ``:none:`` empties the set."""
        target, other = (self.first, self.second) if to_first else (self.second, self.first)
        names = value.split(",")
        if ALL in names:
            other.clear()
            target.clear()
            target.add(ALL)
            names = names[len(names) - names[::-1].index(ALL) :]
            # Without a later :none:, :all: covers what follows.
            if NONE not in names:
                return
        for name in names:
            if name == NONE:
                target.clear()
                continue
            normalized = canonicalize_name(name)
            other.discard(normalized)
            target.add(normalized)


class SettingsBuilder:
    """What the option lines say together, on top of pip's configuration, with the flags on top of both.

    Flags win: a file never replaces an index URL or takes back a format that was asked for by flag.
    """

    def __init__(self, flags: IndexSettings) -> None:
        self._flags = flags
        self._pip = IndexSettings()
        self._replaced = False
        """A file has put its own indexes in the place of all that were known before it."""
        self._index_url: str | None = None
        self._extra_index_urls: list[str] = []
        self._find_links: list[str] = []
        self._no_index = flags.no_index
        self._pip_controls: tuple[_Control, ...] = ()
        self._controls: list[_Control] = []
        self._require_hashes = flags.require_hashes
        self._no_require_hashes = False
        self.has_hashes = False
        """A requirement has ``--hash``, which switches hash checking on for all."""

    def configure(self, pip: PipConfiguration) -> None:
        """Start from pip's configuration; to be called before anything else."""
        self._pip = pip.settings
        self._pip_controls = (*pip.controls, *([_PRE] if pip.settings.pre else []))
        self._no_index |= pip.settings.no_index

    def control(self, options: LineOptions, where: Location) -> None:
        """``--only-binary`` and the like: pip obeys them on every line, even beside a requirement."""
        self._controls += [(name, value, where) for name, value in options.controls]

    def _applying(self, *, pip_chooses: bool) -> tuple[_Control, ...]:
        return (*(self._pip_controls if pip_chooses else ()), *self._controls)

    def _pairs(self, *, pip_chooses: bool) -> tuple[_Pair, _Pair]:
        """Formats (only wheels, only sdists) and releases (all, only final), everything applied in its order."""
        formats = _Pair(set(self._flags.only_binary), set(self._flags.no_binary))
        releases = _Pair({ALL} if self._flags.pre else set(), set())
        for control in self._applying(pip_chooses=pip_chooses):
            name, value, _ = control
            if control == _PRE:
                releases.first.add(ALL)
            else:
                pair = formats if name.endswith("binary") else releases
                pair.add(value, to_first=name in {"only-binary", "all-releases"})
        return formats, releases

    def apply(self, options: LineOptions, directory: str) -> None:
        """The other options of an option line, in pip's order; ``directory`` is the requirements file's.

        Raises `RejectedError` for ``--require-hashes`` together with ``--no-require-hashes``.
        """
        self._no_index |= options.no_index
        if self._no_index:
            self._index_url = None
            self._extra_index_urls.clear()
        else:
            if options.index_url:
                # pip replaces the list of all indexes, extra ones included.
                self._index_url = options.index_url
                self._replaced = True
                self._extra_index_urls.clear()
            self._extra_index_urls += options.extra_index_urls
        if options.find_links:
            self._find_links.append(find_links_location(options.find_links[0], directory))
        if options.pre:
            self._controls.append(_PRE)
        self._require_hashes |= options.require_hashes
        self._no_require_hashes |= options.no_require_hashes
        if self._require_hashes and self._no_require_hashes and (options.require_hashes or options.no_require_hashes):
            raise RejectedError("--require-hashes and --no-require-hashes exclude one another")

    @property
    def replaced(self) -> bool:
        """Whether the user's own words, a flag or an option line, name the default index."""
        return bool(self._flags.index_url or self._index_url)

    def unfollowed(self) -> tuple[Unread, ...]:
        """Options about pre-releases of single projects, or of none at all, which `IndexSettings` cannot hold."""
        _, releases = self._pairs(pip_chooses=True)
        rows = (("all-releases", releases.first - {ALL}), ("only-final", releases.second))
        places = {name: where for name, _, where in self._applying(pip_chooses=True) if where}
        return tuple(
            Unread(
                location=places[option],
                text=f"--{option} {','.join(sorted(names))} is not followed: pre-releases are admitted for all "
                "projects (--pre) or as a last resort",
                setting="choice",
            )
            for option, names in rows
            if names
        )

    def build(self, layers: Sequence[IndexSettings] = (), *, pip_chooses: bool = True) -> IndexSettings:
        """The settings of the run: flags first, then option lines, then ``layers``, then pip's configuration.

        ``layers`` are what other tools are told, without pins; earlier ones win. Unless ``pip_chooses``, pip's
        configuration counts for its indexes alone.
        """
        formats, releases = self._pairs(pip_chooses=pip_chooses)
        flags, pip = self._flags, self._pip
        asked = flags.index_url or self._index_url
        no_index = self._no_index or any(layer.no_index for layer in layers)
        named = list(one_of_each_name(layers))
        default = next((index for index in named if index.role == "default"), None)
        only_binary = formats.first.union(*(layer.only_binary for layer in layers))
        no_binary = formats.second.union(*(layer.no_binary for layer in layers))
        required = self._require_hashes or (pip_chooses and pip.require_hashes)
        return IndexSettings(
            index_url=asked or (default.url if default else None if no_index else pip.index_url),
            extra_index_urls=unique(
                (
                    *flags.extra_index_urls,
                    *self._extra_index_urls,
                    *(() if self._replaced or no_index else pip.extra_index_urls),
                )
            ),
            find_links=unique(
                (
                    *map(_from_here, flags.find_links),
                    *self._find_links,
                    *(_from_here(place) for layer in (*layers, pip) for place in layer.find_links),
                )
            ),
            # Whoever replaces the default index means it for what is pinned to it as well.
            indexes=tuple(replace(index, url=asked) if asked and index is default else index for index in named),
            strategy=next((layer.strategy for layer in (flags, *layers) if layer.strategy), None),
            no_index=no_index,
            pre=flags.pre or ALL in releases.first or any(layer.pre for layer in layers),
            only_binary=frozenset((only_binary - flags.no_binary) | flags.only_binary),
            no_binary=frozenset((no_binary - flags.only_binary) | flags.no_binary),
            origins=_origins(layers, self._applying(pip_chooses=pip_chooses)),
            require_hashes=required or (self.has_hashes and not self._no_require_hashes),
            cutoffs=_cutoffs(layers, pip.cutoffs if pip_chooses else ()),
        )


def _origins(layers: Sequence[IndexSettings], controls: Iterable[_Control]) -> dict[str, str]:
    """See `IndexSettings.origins`; the last control that names a project is the one that counts."""
    found = {entry: said for layer in reversed(layers) for entry, said in layer.origins.items()}
    for option, value, where in controls:
        for name in value.split(","):
            entry = f"{option} {name if name.startswith(':') else canonicalize_name(name)}"
            found[entry] = f"--{entry} ({where})"
    return found


def _cutoffs(layers: Iterable[IndexSettings], pip: Iterable[Cutoff]) -> tuple[Cutoff, ...]:
    """Those of the layers, the first ones first; of pip's and another tool's for all projects the earlier one."""
    cutoffs = {cutoff.project: cutoff for cutoff in first_cutoffs(c for layer in layers for c in layer.cutoffs)}
    for cutoff in pip:
        other = cutoffs.get(None)
        if other is None or other.before is None or (cutoff.before is not None and cutoff.before < other.before):
            cutoffs[None] = cutoff
    return tuple(cutoffs.values())


def one_of_each_name(layers: Iterable[IndexSettings]) -> Iterator[NamedIndex]:
    """Every index of the layers but those whose name an earlier one has, and one default index only."""
    names: set[str] = set()
    has_default = False
    for index in (index for layer in layers for index in layer.indexes):
        is_default = index.role == "default"
        if index.name in names or (is_default and has_default):
            continue
        has_default |= is_default
        names |= {index.name} - {""}
        yield index


def _from_here(place: str) -> str:
    """Make a find-links location absolute, relative to the working directory; return one that is malformed as it is."""
    try:
        return find_links_location(str(Path(place).expanduser()) if place.startswith("~") else place, str(Path.cwd()))
    except (ValueError, RuntimeError):
        return place


def find_links_location(value: str, directory: str) -> str:
    """Where ``--find-links`` points: a URL as it is, a path made absolute.

    A path is relative to the requirements file when it exists there, else to the working directory.
    """
    beside = absolute(value, directory)
    if kind_of(beside):
        return beside
    scheme = urllib.parse.urlsplit(value).scheme
    if scheme == "file":
        return url_to_path(value)
    # One letter is a Windows drive.
    return value if len(scheme) > 1 else absolute(value)


def is_local(location: str) -> bool:
    """Whether a location of `find_links_location` is a path."""
    return Path(location).is_absolute()
