"""Poetry 2.5: ``poetry config`` (``poetry.toml``, ``config.toml``, ``POETRY_*``) and its tables in pyproject.toml."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

CONFIG, TABLE, SOURCE, DEPENDENCY = (
    "poetry.toml, config.toml and POETRY_*",
    "[tool.poetry]",
    "[[tool.poetry.source]]",
    "a dependency",
)

_config, _table, _source, _dependency = (partial(rows, "Poetry", p) for p in (CONFIG, TABLE, SOURCE, DEPENDENCY))

SETTINGS: tuple[Setting, ...] = (
    *_config("obeyed", "cool-down in days: a release with a younger file does not exist",
             "solver.min-release-age solver.min-release-age-exclude"),
    *_config("gap", "indexes without the cool-down", "solver.min-release-age-exclude-source"),
    *_config("gap", "wheels or sdists only, at the installation of what was locked without regard to it",
             "installer.no-binary installer.only-binary", harmless=(":none:",), at_install=True),
    *_config("gap", "`poetry install` resolves anew", "installer.re-resolve", at_install=True),
    *_config("none", "how files are fetched, built and installed", "cache-dir data-dir installer.builtin-uninstall "
             "installer.max-workers installer.parallel installer.build-config-settings keyring.enabled "
             "requests.max-retries solver.lazy-wheel system-git-client"),
    *_config("none", "the interpreter that Poetry uses", "python.installation-dir virtualenvs.create "
             "virtualenvs.in-project virtualenvs.options.always-copy virtualenvs.options.no-pip "
             "virtualenvs.options.system-site-packages virtualenvs.path virtualenvs.prompt "
             "virtualenvs.use-poetry-python"),
    *_config("none", "credentials and publishing", "repositories certificates http-basic pypi-token"),
    *_table("obeyed", "requirements", "dependencies dev-dependencies group extras"),
    *_table("obeyed", "the indexes", "source"),
    *_table("gap", "plugins may change everything", "requires-plugins"),
    *_table("none", "about builds, publishing and Poetry itself", "package-mode name version description keywords "
            "homepage repository documentation license authors maintainers readme classifiers packages include exclude "
            "build build-constraints scripts plugins urls requires-poetry"),
    *_source("obeyed", "the index", "name url priority default secondary"),
    *_source("none", "how the index is asked", "links indexed"),
    *_dependency("obeyed", "which version, where and from where", "version python platform markers optional extras "
                 "source git branch tag rev subdirectory file path url develop"),
    *_dependency("gap", "pre-releases of this project are candidates", "allow-prereleases allows-prereleases"),
)  # fmt: skip
