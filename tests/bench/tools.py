"""The commands that are measured: the same question to nogilcheck and to uv."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

STACKS = Path(__file__).with_name("stacks")
"""Requirements, one file for each stack."""

USUAL = ("small", "django", "airflow")
HARD = ("strawberry", "telemetry", "netauto")
"""Stacks in which versions conflict."""
SDISTS = ("netauto",)
"""Stacks with projects that have no wheels: uv would have to build them, and run what they bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What is measured."""

    checks: dict[str, str]
    """Copies of nogilcheck, by name; the first is the one that is compared with uv."""
    uv: str
    python: str
    """An interpreter for uv. Without one it looks for Python 3.14 and tries to download it, which takes seconds."""

    def check(self, name: str, what: str, url: str, *options: str) -> list[str]:
        """What stops ``what`` (requirements, or a file of them) on one target, or on those of the options."""
        target = () if "--platform" in options else ("--python", "3.14t", "--platform", "linux-x86_64")
        return [self.checks[name], what, "--quiet", "--index-url", url, *target, *options]

    def resolve(self, what: Path, url: str, *options: str) -> list[str]:
        """uv: the versions for one regular build, wheels only. It judges nothing."""
        given = [self.uv, "pip", "compile", "--quiet", "--no-config", "--no-python-downloads", "--python", self.python]
        given += ["--python-version", "3.14", "--only-binary", ":all:", "--index-url", url]
        return [*given, *options, str(what)]

    def cold(self, what: Path, url: str) -> dict[str, list[str]]:
        """Runs without a cache; those of uv only where it has an answer."""
        checks = {name: self.check(name, str(what), url, "--no-cache") for name in self.checks}
        return checks if what.stem in SDISTS else {**checks, "uv": self.resolve(what, url, "--no-cache")}

    def replay(self, what: Path, url: str, caches: Path) -> dict[str, list[str]]:
        """Runs that find everything in a cache, and fresh."""
        checks = {
            name: self.check(name, str(what), url, "--cache-dir", str(caches / name), "--max-age", "86400")
            for name in self.checks
        }
        return {**checks, "uv": self.resolve(what, url, "--cache-dir", str(caches / "uv"))}

    def stale(self, what: Path, url: str, caches: Path) -> dict[str, list[str]]:
        """Runs that have a cache and believe nothing in it without asking; every answer is 304."""
        checks = {
            name: self.check(name, str(what), url, "--cache-dir", str(caches / name), "--max-age", "0")
            for name in self.checks
        }
        return {**checks, "uv": self.resolve(what, url, "--cache-dir", str(caches / "uv"), "--refresh")}

    def targets(self, what: Path, url: str) -> dict[str, list[str]]:
        """Runs without a cache on all sixteen targets."""
        every = ("--python", "3.14t,3.15t", "--platform", "all", "--no-cache")
        return {f"{name}, 16 targets": self.check(name, str(what), url, *every) for name in self.checks}
