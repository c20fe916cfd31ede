"""Pipenv 2026.10: the tables of ``Pipfile``, its variables; pip's settings count for it as well."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

TABLE, SOURCE, VARIABLE = "[pipenv]", "[[source]]", "PIPENV_*"

_table, _source, _variable = (partial(rows, "Pipenv", place) for place in (TABLE, SOURCE, VARIABLE))

_LOCKING = "about making the lock, which is followed as it is"
_FETCHING = "how files are fetched and installed"
_PYTHON = "the interpreter that Pipenv uses; the targets are the check's own"
_ITSELF = "about Pipenv itself"

SETTINGS: tuple[Setting, ...] = (
    *_table("obeyed", "cool-down in days (`14d`), for plans: the lock is followed as it is", "cool-down-period"),
    *_table("gap", "every index is searched at the installation", "install_search_all_sources", at_install=True),
    *_table("none", _LOCKING, "allow_prereleases use_default_constraints resolver resolver_backend "
            "prefetch_index_manifests resolver_timeout_seconds pylock_name"),
    *_table("gap", "pylock.toml is installed in the place of Pipfile.lock", "use_pylock", at_install=True),
    *_table("none", _ITSELF, "disable_pip_input sort_pipfile package_name_case"),
    *_source("obeyed", "the index", "name url"),
    *_source("none", "how the index is asked", "verify_ssl"),
    *_variable("gap", "options that are added to pip's", "PIPENV_EXTRA_PIP_ARGS", at_install=True),
    *_variable("gap", "another index in the place of PyPI", "PIPENV_PYPI_MIRROR PIPENV_TEST_INDEX",
               at_install=True),
    *_variable("gap", "another Pipfile", "PIPENV_PIPFILE", at_install=True),
    *_variable("gap", "the lock is not used", "PIPENV_SKIP_LOCK", harmless=("0", "false"),
               at_install=True),
    *_variable("none", "groups that are installed; the check has `--group`", "PIPENV_DEFAULT_CATEGORIES"),
    *_variable("none", _LOCKING, "PIPENV_RESOLVER PIPENV_RESOLVER_PARENT_PYTHON PIPENV_RESOLVER_TIMEOUT_S "
               "PIPENV_RESOLVE_VCS PIPENV_NO_RESOLVE_VCS PIPENV_PREFETCH_INDEX_MANIFESTS PIPENV_SKIP_VALIDATION"),
    *_variable("none", _FETCHING, "PIPENV_CACHE_DIR PIPENV_CACHE_VERSION PIPENV_BREAK_SYSTEM_PACKAGES "
               "PIPENV_INSTALL_TIMEOUT PIPENV_KEYRING_PROVIDER PIPENV_MAX_RETRIES PIPENV_REQUESTS_TIMEOUT "
               "PIPENV_TIMEOUT PIPENV_USE_SYSTEM"),
    *_variable("none", _PYTHON, "PIPENV_CUSTOM_VENV_NAME PIPENV_DEFAULT_PYTHON_VERSION PIPENV_DONT_USE_ASDF "
               "PIPENV_DONT_USE_PYENV PIPENV_DONT_USE_PYMANAGER PIPENV_IGNORE_VIRTUALENVS PIPENV_PYENV_AUTO_INSTALL "
               "PIPENV_PYENV_ONLY PIPENV_PYTHON PIPENV_VENV_IN_PROJECT PIPENV_VIRTUALENV PIPENV_VIRTUALENV_COPIES "
               "PIPENV_VIRTUALENV_CREATOR"),
    *_variable("none", _ITSELF, "PIPENV_ACTIVE PIPENV_COLORBLIND PIPENV_DONT_LOAD_ENV PIPENV_DOTENV_LOCATION "
               "PIPENV_EMULATOR PIPENV_HIDE_EMOJIS PIPENV_IS_CI PIPENV_MAX_DEPTH PIPENV_NOSPIN PIPENV_NO_INHERIT "
               "PIPENV_PROJECT_DIR PIPENV_PYUP_API_KEY PIPENV_QUIET PIPENV_ROOT PIPENV_SAFETY_DB PIPENV_SHELL "
               "PIPENV_SHELL_EXPLICIT PIPENV_SHELL_FANCY PIPENV_SPINNER PIPENV_SPINNER_FAIL_TEXT "
               "PIPENV_SPINNER_OK_TEXT PIPENV_VERBOSE PIPENV_VERBOSITY PIPENV_VERSION PIPENV_YES"),
)  # fmt: skip
