"""One interpreter build on one platform."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from math import prod

from packaging.specifiers import SpecifierSet

MAX_TAGS = 1000
"""A file name that stands for more tags than this stands for none."""


def expand_tags(tags: str) -> Iterator[tuple[str, ...]]:
    """Every (python, abi, platform) tag of a compressed tag set (PEP 425), ``py2.py3-none-any`` for one."""
    parts = [part.split(".") for part in tags.split("-")]
    if len(parts) == 3 and prod(map(len, parts)) <= MAX_TAGS:  # a hostile name expands without end
        yield from product(*parts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """An interpreter build on a platform, with what it accepts (PEP 425) and says of itself (PEP 508).

    Build one with `nogilcheck.targets.builds.parse_targets`; the tags and the environment always belong
    to the target, never to the interpreter that runs nogilcheck.
    """

    python: tuple[int, int]
    """Major and minor version."""
    patch: int | None = None
    """Set when one patch release is meant; otherwise the newest of the minor stands for all."""
    free_threaded: bool
    platform: str
    """``linux-x86_64`` and the like."""
    family: str
    """The platform without its floor: ``linux-x86_64`` for ``manylinux_2_28_x86_64`` too."""
    floor: str
    """What the platform tags assume, for people: ``glibc 2.34``."""
    tags: Mapping[str, int] = field(repr=False)
    """``interpreter-abi-platform`` -> rank, 0 the most preferred."""
    environment: Mapping[str, str] = field(repr=False)
    """Marker variables (PEP 508) whose value the target knows; the others cannot be known."""
    twin: Target | None = field(default=None, repr=False)
    """The regular build of the same Python and platform; ``None`` when this is one."""
    _best_tags: dict[str, str | None] = field(default_factory=dict, init=False, repr=False)
    _python_admitted: dict[str, bool] = field(default_factory=dict, init=False, repr=False)

    @property
    def python_name(self) -> str:
        """``3.14t``, ``3.14``, or ``3.14.2t`` where one patch release is meant."""
        return self.version + ("t" if self.free_threaded else "")

    @property
    def version(self) -> str:
        """``3.14`` or ``3.14.2``."""
        return ".".join(map(str, self.python if self.patch is None else (*self.python, self.patch)))

    @property
    def id(self) -> str:
        """``cp314t-linux_x86_64``; with a patch release ``cp314t.2-linux_x86_64``."""
        suffix = ("t" if self.free_threaded else "") + ("" if self.patch is None else f".{self.patch}")
        return f"cp{self.python[0]}{self.python[1]}{suffix}-{self.platform.replace('-', '_')}"

    @property
    def family_id(self) -> str:
        """The Python minor and the platform family: the same for every patch release and floor."""
        suffix = "t" if self.free_threaded else ""
        return f"cp{self.python[0]}{self.python[1]}{suffix}-{self.family.replace('-', '_')}"

    @property
    def installer(self) -> Target:
        """The build that the project is resolved for: the twin, or the target itself on GIL builds."""
        return self.twin or self

    def best_tag(self, tags: str) -> str | None:
        """The tag of a compressed tag set that this build prefers; ``None`` when it accepts none of them."""
        if tags not in self._best_tags:
            fitting = ("-".join(tag) for tag in expand_tags(tags))
            self._best_tags[tags] = min((tag for tag in fitting if tag in self.tags), key=self.rank, default=None)
        return self._best_tags[tags]

    def rank(self, tag: str) -> int:
        """How much this build prefers a tag that it accepts; 0 is best. Raises `KeyError` for any other."""
        return self.tags[tag]

    def admits_python(self, requires_python: str | None) -> bool:
        """Whether Requires-Python admits this Python, pre-releases included; a malformed one does, as in pip."""
        if not requires_python:
            return True
        if requires_python not in self._python_admitted:
            try:
                specifiers = SpecifierSet(requires_python)
                admitted = specifiers.contains(self.environment["python_full_version"], prereleases=True)
            except ValueError:  # no specifier, or one with a number that Python refuses to read
                admitted = True
            self._python_admitted[requires_python] = admitted
        return self._python_admitted[requires_python]

    def is_aimed_at(self, requires_python: str | None) -> bool:
        """Whether a Requires-Python means to exclude this minor version, and by the letter admits its patch releases.

        ``!=3.15`` and ``>3.15`` are about 3.15.0 alone (PEP 440): 3.15.2 passes, which nobody meant who wrote it so.
        """
        minor = ".".join(map(str, self.python))
        if not requires_python or minor not in requires_python or not self.admits_python(requires_python):
            return False
        try:
            specifiers = SpecifierSet(requires_python)
        except ValueError:
            return False
        return any(specifier.operator in {"!=", ">"} and specifier.version == minor for specifier in specifiers)

    def is_beyond(self, pythons: Iterable[str]) -> bool:
        """Whether this minor version is newer than all of these (``3.14``), of which there is one at least."""
        versions = [tuple(map(int, python.split("."))) for python in pythons]
        return bool(versions) and max(versions) < self.python
