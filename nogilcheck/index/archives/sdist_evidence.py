"""Whether an sdist compiles, as far as its files tell without a build (PEP 517, PEP 518)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.utils import canonicalize_name

from nogilcheck.index.archives.sdist_archive import SdistContents
from nogilcheck.model.artifact import SourceEvidence
from nogilcheck.model.urls import quotable

NATIVE_BACKENDS = {
    "maturin": "maturin",
    "mesonpy": "meson-python",
    "scikit_build_core": "scikit-build-core",
    "py_build_cmake": "py-build-cmake",
    "sipbuild": "sip",
}
"""Build backends (first part of the module name) that exist to compile, and the sign that each is."""
NATIVE_REQUIRES = {
    "cffi": "cffi",
    "cython": "Cython",
    "hatch-cython": "Cython",
    "hatch-mypyc": "mypyc",
    "maturin": "maturin",
    "meson-python": "meson-python",
    "mypy": "mypyc",
    "nanobind": "nanobind",
    "pybind11": "pybind11",
    "scikit-build": "scikit-build",
    "scikit-build-core": "scikit-build-core",
    "setuptools-golang": "Go",
    "setuptools-rust": "setuptools-rust",
}
"""Build requirements (normalized) that only a build with a compiler has, and the sign that each is."""
SETUPTOOLS_BACKENDS = frozenset({"setuptools.build_meta", "setuptools.build_meta:__legacy__", "pbr.build"})
STATIC_BACKENDS = frozenset(
    {
        "flit_core.buildapi",
        "flit.buildapi",
        "hatchling.build",
        "pdm.backend",
        "pdm.pep517.api",
        "poetry.core.masonry.api",
        "poetry.masonry.api",
        "uv_build",
    }
)
"""Backends that compile nothing by themselves; some run hooks that may."""
HARMLESS_HATCH_HOOKS = frozenset({"vcs", "version", "jupyter-builder"})
"""Hatchling build hooks known to compile nothing: they write version files or bundle JavaScript."""

_SETUP_SIGNS = {
    "ext_modules": re.compile(rb"\bext_modules\b|\b\w*Extension\("),
    "Cython": re.compile(rb"\bcythonize\b"),
    "cffi": re.compile(rb"\bcffi_modules\b"),
    "mypyc": re.compile(rb"\bmypycify\b"),
    "setuptools-rust": re.compile(rb"\brust_extensions\b|\bRustExtension\("),
}
_ONLY_PYPY = re.compile(r"==\s*['\"]pypy", re.IGNORECASE)
_REQUIREMENT_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def source_evidence(contents: SdistContents, pyproject: Mapping[str, Any] | None) -> SourceEvidence:
    """Judge whether building the sdist compiles.

    True on any sign: native sources outside of tests, documentation and examples; a backend or a build
    requirement that exists to compile; extension modules in setup.py or ``[tool.setuptools]``. Native
    sources are no sign under a backend that compiles nothing and runs no hook: there they are data.

    False only when every member was seen, there is no sign, and the backend is setuptools or one that
    compiles nothing. Otherwise ``None``, and ``signs`` holds the one reason why nothing can be said.

    :param pyproject: the tables of pyproject.toml; ``None`` when there is none that can be read.
    """
    build = table(pyproject, "build-system")
    backend = _backend(contents, build, pyproject)
    signs = sorted({*_declared_signs(contents, build, pyproject)})
    hook = _hook(contents, backend, pyproject)
    inert = backend in STATIC_BACKENDS and hook is None and contents.complete
    if not inert:
        signs = [*sorted(contents.languages), *(sign for sign in signs if sign not in contents.languages)]
    if signs:
        return SourceEvidence(compiles=True, signs=tuple(signs))
    if inert:
        return SourceEvidence(compiles=False)
    why = hook or _doubt(contents, backend)
    return SourceEvidence(compiles=None, signs=(why,)) if why else SourceEvidence(compiles=False)


def _backend(contents: SdistContents, build: Mapping[str, Any], pyproject: Mapping[str, Any] | None) -> str | None:
    """The build backend: by default setuptools, where there is anything to build (PEP 517)."""
    if pyproject is None and "setup.py" not in contents.files:
        return None
    backend = build.get("build-backend", "setuptools.build_meta:__legacy__")
    return backend if isinstance(backend, str) else None


def _declared_signs(
    contents: SdistContents, build: Mapping[str, Any], pyproject: Mapping[str, Any] | None
) -> Iterator[str]:
    module = str(build.get("build-backend", "")).partition(".")[0].partition(":")[0]
    if module in NATIVE_BACKENDS:
        yield NATIVE_BACKENDS[module]
    yield from (NATIVE_REQUIRES[name] for name in build_requirements(build) if name in NATIVE_REQUIRES)
    setuptools = table(pyproject, "tool", "setuptools")
    if setuptools.get("ext-modules"):
        yield "ext_modules"
    setup = contents.files.get("setup.py", b"")
    yield from (sign for sign, pattern in _SETUP_SIGNS.items() if pattern.search(setup))


def build_requirements(build: Mapping[str, Any]) -> Iterator[str]:
    """The normalized names in ``requires`` of a table ``[build-system]`` (PEP 518), without those for PyPy alone."""
    requires = build.get("requires")
    for requirement in requires if isinstance(requires, list) else ():
        name = _REQUIREMENT_NAME.match(str(requirement))
        if name and not _ONLY_PYPY.search(str(requirement)):
            yield canonicalize_name(name[1])


def _hook(contents: SdistContents, backend: str | None, pyproject: Mapping[str, Any] | None) -> str | None:
    """Code of the project's own that the build runs, in words; ``None`` when there is none."""
    if backend == "hatchling.build":
        if "hatch.toml" in contents.files:
            return "build settings in hatch.toml"
        build = table(pyproject, "tool", "hatch", "build")
        hooks = set(table(build, "hooks")).union(
            *(table(build, "targets", one, "hooks") for one in table(build, "targets"))
        )
        hooks -= HARMLESS_HATCH_HOOKS
        return f"the build hook {quotable(min(hooks))}" if hooks else None
    if backend is not None and backend.startswith("poetry"):
        build_setting = table(pyproject, "tool", "poetry").get("build")
        scripted = build_setting.get("script") if isinstance(build_setting, dict) else build_setting
        return "a build script" if scripted else None
    if backend is not None and backend.startswith("pdm"):
        build = table(pyproject, "tool", "pdm", "build")
        hooked = "pdm_build.py" in contents.files or {"custom-hook", "run-setuptools", "setup-script"} & set(build)
        return "a build script" if hooked else None
    return None


def _doubt(contents: SdistContents, backend: str | None) -> str | None:
    """Why no sign does not mean that nothing compiles; ``None`` when it does."""
    if not contents.complete:
        return "only the beginning of the archive was read"
    if contents.libraries:
        return "libraries that are compiled already"
    if backend is None:
        return "neither setup.py nor a readable pyproject.toml"
    if backend not in SETUPTOOLS_BACKENDS and backend not in STATIC_BACKENDS:
        return f"the build backend {quotable(backend)}"
    return None


def table(tables: Mapping[str, Any] | None, *keys: str) -> Mapping[str, Any]:
    """A table within tables; empty where there is none."""
    table: object = tables
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}
