"""PDM 2.29: ``pdm config`` (``pdm.toml``, ``config.toml``), its variables and its tables in pyproject.toml."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

CONFIG, TABLE, RESOLUTION, SOURCE, VARIABLE = (
    "pdm.toml and config.toml",
    "[tool.pdm]",
    "[tool.pdm.resolution]",
    "[[tool.pdm.source]]",
    "PDM_*",
)

_config, _table, _resolution, _source, _variable = (
    partial(rows, "PDM", place) for place in (CONFIG, TABLE, RESOLUTION, SOURCE, VARIABLE)
)

_UV = "uv resolves in the place of PDM"
_INDEX = "the default index, or a further one"
_FETCHING = "how files are fetched, built and installed"
_PYTHON = "the interpreter that PDM uses; the targets are the check's own"
_ITSELF = "about PDM itself, building and publishing"

SETTINGS: tuple[Setting, ...] = (
    *_resolution("obeyed", "cool-down: a date, a time or `14d`, `2w`, `36h`; `false` exempts a project",
                 "exclude-newer exclude-newer-override"),
    *_resolution("obeyed", "replaces or removes requirements", "overrides excludes"),
    *_resolution("obeyed", "pre-releases of every project are candidates; `false`, which admits none, is a gap",
                 "allow-prereleases"),
    *_resolution("gap", "which index counts when several have a project", "respect-source-order"),
    *_table("obeyed", "requirements, indexes and the choice", "dev-dependencies source resolution"),
    *_table("gap", "options that are added to each command", "options"),
    *_table("gap", "plugins may change everything", "plugins"),
    *_table("obeyed", "who else is in the workspace", "workspace"),
    *_table("none", _ITSELF, "build version scripts publish distribution package-type lock ignore_package_warnings "
            "name includes excludes package-dir editable-backend source-includes"),
    *_source("obeyed", "the index", "name url type include_packages exclude_packages"),
    *_source("none", "how the index is asked", "verify_ssl username password ca_certs client_cert client_key"),
    *_config("obeyed", "cool-down, unless pyproject.toml has one", "strategy.exclude-newer"),
    *_config("gap", _UV, "use_uv"),
    *_config("gap", _INDEX, "pypi.url"),
    *_config("none", "the same versions by another request", "pypi.json_api pypi.verify_ssl pypi.username "
             "pypi.password pypi.ca_certs pypi.client_cert pypi.client_key pypi.ignore_stored_index"),
    *_config("none", "about locking again and adding; rounds only end a resolution", "strategy.update strategy.save "
             "strategy.resolve_max_rounds strategy.inherit_metadata lock.format"),
    *_config("none", _FETCHING, "cache_dir log_dir build_isolation request_timeout install.parallel install.cache "
             "install.cache_method"),
    *_config("none", _PYTHON, "python.providers python.use_pyenv python.use_venv python.use_python_version "
             "python.install_root venv.location venv.backend venv.in_project venv.prompt venv.with_pip"),
    *_config("none", _ITSELF, "check_update global_project.fallback global_project.fallback_verbose "
             "global_project.path global_project.user_site scripts.show_header theme.primary theme.success "
             "theme.warning theme.error theme.info theme.req repository"),
    *_variable("gap", "wheels or sdists only, or first", "PDM_NO_BINARY PDM_ONLY_BINARY PDM_PREFER_BINARY",
               at_install=True),
    *_variable("gap", "replaces requirements", "PDM_OVERRIDE"),
    *_variable("gap", _INDEX, "PDM_PYPI_URL"),
    *_variable("gap", _UV, "PDM_USE_UV", harmless=("0", "false", "no")),
    *_variable("gap", "another project, or another lock", "PDM_PROJECT PDM_LOCKFILE", at_install=True),
    *_variable("obeyed", "where PDM's configuration is", "PDM_CONFIG_FILE"),
    *_variable("none", _FETCHING, "PDM_CACHE_DIR PDM_LOG_DIR PDM_BUILD_ISOLATION PDM_REQUEST_TIMEOUT "
               "PDM_INSTALL_PARALLEL PDM_NO_CACHE PDM_NO_EDITABLE PDM_NO_SELF PDM_PYPI_VERIFY_SSL PDM_PYPI_USERNAME "
               "PDM_PYPI_PASSWORD PDM_PYPI_JSON_API PDM_IGNORE_STORED_INDEX PDM_RESOLVE_MAX_ROUNDS "
               "PDM_FROZEN_LOCKFILE PDM_NO_LOCK PDM_LOCK_FORMAT"),
    *_variable("none", _PYTHON, "PDM_PYTHON PDM_PYTHON_VERSION PDM_IGNORE_SAVED_PYTHON PDM_IGNORE_ACTIVE_VENV "
               "PDM_IN_VENV PDM_USE_VENV PDM_USE_PYTHON_VERSION PDM_VENV_BACKEND PDM_VENV_IN_PROJECT PDM_VENV_PROMPT "
               "PDM_VENV_WITH_PIP"),
    *_variable("none", _ITSELF, "PDM_CHECK_UPDATE PDM_NON_INTERACTIVE PDM_PROJECT_ROOT PDM_PUBLISH_CA_CERTS "
               "PDM_PUBLISH_PASSWORD PDM_PUBLISH_REPO PDM_PUBLISH_USERNAME PDM_REPO PDM_RUN_CWD "
               "PDM_SCRIPTS_SHOW_HEADER PDM_SKIP_HOOKS"),
)  # fmt: skip
