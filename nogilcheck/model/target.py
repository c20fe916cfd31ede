"""One interpreter build on one platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Target:
    """An interpreter build on a platform, with what it accepts (PEP 425) and says of itself (PEP 508).

    Build one with `nogilcheck.targets.parse_targets`; the tags and the environment always belong
    to the target, never to the interpreter that runs nogilcheck.
    """

    python: tuple[int, int]
    """Major and minor version."""
    free_threaded: bool
    platform: str
    """``linux-x86_64`` and the like."""
    floor: str
    """What the platform tags assume, for people: ``glibc 2.34``."""
    tags: Mapping[str, int] = field(repr=False)
    """``interpreter-abi-platform`` -> rank, 0 the most preferred."""
    environment: Mapping[str, str] = field(repr=False)
    """Marker variables (PEP 508) whose value the target knows; the others cannot be known."""
    twin: Target | None = field(default=None, repr=False)
    """The GIL-enabled build of the same Python and platform; ``None`` when this is one."""

    @property
    def python_name(self) -> str:
        """``3.14t`` or ``3.14``."""
        return f"{self.python[0]}.{self.python[1]}{'t' if self.free_threaded else ''}"

    @property
    def id(self) -> str:
        """``cp314t-linux_x86_64``."""
        suffix = "t" if self.free_threaded else ""
        return f"cp{self.python[0]}{self.python[1]}{suffix}-{self.platform.replace('-', '_')}"

    @property
    def installer(self) -> Target:
        """The build that the project is resolved for: the twin, or the target itself on GIL builds."""
        return self.twin or self

    def without_twin(self) -> Target:
        """The same target, not compared with any other build."""
        return replace(self, twin=None)
