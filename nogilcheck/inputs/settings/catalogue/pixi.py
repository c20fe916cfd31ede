"""pixi 0.74: the tables of ``pixi.toml`` and ``[tool.pixi]`` that bear on what comes from PyPI."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

TABLE, OPTIONS, SYSTEM, DEPENDENCY = (
    "pixi.toml and [tool.pixi]",
    "[pypi-options]",
    "[system-requirements] and platforms",
    "a dependency",
)

_table, _options, _system, _dependency = (
    partial(rows, "pixi", place) for place in (TABLE, OPTIONS, SYSTEM, DEPENDENCY)
)

SETTINGS: tuple[Setting, ...] = (
    *_table("obeyed", "what is required, by environment and platform",
            "pypi-dependencies target feature environments features no-default-feature solve-group platforms"),
    *_table("obeyed", "conda packages: named as an unknown, and not looked for on PyPI; a version of `python` bounds",
            "dependencies host-dependencies build-dependencies dev"),
    *_table("obeyed", "indexes, and limits of the system: see below; those of other environments are a gap",
            "pypi-options system-requirements workspace project"),
    *_table("obeyed", "cool-down of single projects; the one for all is in `[workspace]`", "pypi-exclude-newer"),
    *_table("none", "about conda packages, which are not checked",
            "constraints exclude-newer channels channel-priority solve-strategy package $schema"),
    *_table("none", "about running programs", "tasks activation"),
    *_options("obeyed", "which indexes and folders are searched", "index-url extra-index-urls find-links"),
    *_options("gap", "which index counts when several have a project", "index-strategy",
              obeyed=("first-index", "unsafe-best-match")),
    *_options("gap", "which pre-releases are candidates", "prerelease-mode", obeyed=("allow",),
              harmless=("if-necessary", "if-necessary-or-explicit")),
    *_options("obeyed", "wheels or sdists only, for all projects or by name", "no-build no-binary"),
    *_options("obeyed", "replaces requirements", "dependency-overrides"),
    *_options("gap", "wheels whose name is not that of their metadata", "skip-wheel-filename-check"),
    *_options("none", "about builds, which nogilcheck never runs", "no-build-isolation"),
    *_system("gap", "wheels that need a newer system are passed over", "libc glibc macos osx"),
    *_system("none", "conda's virtual packages, which no wheel asks for", "linux unix cuda archspec windows"),
    *_system("none", "which platform it is", "name platform"),
    *_dependency("obeyed", "which version, where and from where", "version extras env-markers index git branch tag rev "
                 "subdirectory url path editable"),
    *_dependency("none", "how a repository is fetched", "lfs"),
)  # fmt: skip
