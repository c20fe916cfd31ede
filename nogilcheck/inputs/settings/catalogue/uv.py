"""uv 0.13: ``[tool.uv]`` (pyproject.toml, scripts, ``uv.toml``), its tables, and the variables ``UV_*``."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

TABLE, PIP_TABLE, INDEX, VARIABLE = "[tool.uv] and uv.toml", "[tool.uv.pip]", "[[tool.uv.index]]", "UV_*"

_table, _pip, _index, _variable = (partial(rows, "uv", place) for place in (TABLE, PIP_TABLE, INDEX, VARIABLE))

_PIP_ONLY = "`uv pip` takes it in the place of the same key of `[tool.uv]`, `uv lock` does not"
_PRERELEASE = "which pre-releases are candidates"
_PRE_HARMLESS = ("if-necessary", "if-necessary-or-explicit")
_FORK = "versions for other environments may change the one for a target"
_LIBC = "versions without a wheel for the named environments are passed over"
_FETCHING = "how files are fetched, kept and installed"
_BUILDS = "about builds, which nogilcheck never runs"
_INSTALLED = "about what is locked or installed already: a lock is followed, anything else is for an empty environment"
_WHOSE_PYTHON = "the interpreter that uv uses; the targets are the check's own"

SETTINGS: tuple[Setting, ...] = (
    *_table("obeyed", "which indexes and folders are searched", "index index-url extra-index-url no-index find-links"),
    *_table("gap", "which index counts when several have a project", "index-strategy",
            obeyed=("first-index", "unsafe-best-match")),
    *_table("obeyed", "cool-down: a date, a time or a span, for all projects or by name; `false` exempts a project",
            "exclude-newer exclude-newer-package"),
    *_table("obeyed", "wheels or sdists only, for all projects or by name",
            "no-build no-build-package no-binary no-binary-package"),
    *_table("gap", _PRERELEASE, "prerelease", obeyed=("allow",), harmless=_PRE_HARMLESS),
    *_table("gap", _PRERELEASE, "prerelease-package"),
    *_table("obeyed", "bounds, replaces or removes requirements",
            "constraint-dependencies override-dependencies exclude-dependencies"),
    *_table("obeyed", "where a dependency comes from, and who else is in the workspace", "sources workspace"),
    *_table("obeyed", "environments that the project is for", "environments"),
    *_table("obeyed", "the group dev", "dev-dependencies"),
    *_table("gap", "the oldest versions are chosen", "resolution", harmless=("highest",)),
    *_table("gap", _FORK, "fork-strategy", harmless=("requires-python",)),
    *_table("gap", "dependencies in the place of those that a distribution states", "dependency-metadata"),
    *_table("gap", _LIBC, "required-environments minimum-libc-version"),
    *_table("gap", "`sources` do not count", "no-sources no-sources-package"),
    *_table("gap", "an index of PyTorch by the graphics card (`uv pip`)", "torch-backend"),
    *_table("gap", "a Requires-Python of each group", "dependency-groups"),
    *_table("gap", "features that are not the default yet", "preview preview-features"),
    *_table("none", "read from `[tool.uv.pip]`", "pip"),
    *_table("none", "groups that a sync installs; the check has `--group`", "default-groups"),
    *_table("none", "members, extras and groups that are locked apart are judged apart", "conflicts"),
    *_table("none", _INSTALLED, "upgrade upgrade-package reinstall reinstall-package"),
    *_table("none", _BUILDS, "build-backend build-constraint-dependencies config-settings config-settings-package "
            "extra-build-dependencies extra-build-variables no-build-isolation no-build-isolation-package "
            "require-build-hashes cache-keys"),
    *_table("none", _FETCHING, "allow-insecure-host cache-dir concurrent-builds concurrent-downloads "
            "concurrent-installs http-proxy https-proxy no-proxy keyring-provider link-mode compile-bytecode "
            "native-tls system-certs no-cache offline"),
    *_table("none", _WHOSE_PYTHON, "python-preference python-downloads python-downloads-json-url "
            "python-install-mirror pypy-install-mirror graalpy-install-mirror pyodide-install-mirror"),
    *_table("none", "about uv itself, publishing and editing", "required-version add-bounds audit check-url managed "
            "package publish-url trusted-publishing"),
    *_index("obeyed", "the index", "name url default explicit format"),
    *_index("gap", "a cool-down of one index", "exclude-newer", false_counts=True),
    *_index("gap", "answers that count as \"not here\"", "ignore-error-codes"),
    *_index("none", "how the index is asked and shown",
            "publish-url authenticate cache-control hash-algorithm"),
    *_pip("gap", _PIP_ONLY, "index-url extra-index-url no-index find-links exclude-newer exclude-newer-package "
          "no-build no-binary only-binary dependency-metadata no-sources no-sources-package torch-backend"),
    *_pip("gap", _PIP_ONLY, "index-strategy", harmless=("first-index",)),
    *_pip("gap", _PIP_ONLY, "prerelease", harmless=_PRE_HARMLESS),
    *_pip("gap", _PIP_ONLY, "resolution", harmless=("highest",)),
    *_pip("gap", _PIP_ONLY, "fork-strategy", harmless=("requires-python",)),
    *_pip("gap", "dependencies are left out", "no-deps"),
    *_pip("gap", "only files with a hash that the requirement names", "require-hashes"),
    *_pip("none", "extras and groups of a project; the check has flags for them", "extra all-extras no-extra group"),
    *_pip("none", _WHOSE_PYTHON, "python python-version python-platform universal system break-system-packages "
          "target prefix"),
    *_pip("none", _INSTALLED, "upgrade upgrade-package reinstall reinstall-package"),
    *_pip("none", _BUILDS, "no-build-isolation no-build-isolation-package extra-build-dependencies "
          "extra-build-variables config-settings config-settings-package require-build-hashes"),
    *_pip("none", "what `uv pip compile` writes, and what is checked after the choice",
          "output-file no-strip-extras no-strip-markers no-annotate no-header custom-compile-command generate-hashes "
          "no-emit-package emit-index-url emit-find-links emit-build-options emit-marker-expression "
          "emit-index-annotation annotation-style allow-empty-requirements strict verify-hashes"),
    *_pip("none", _FETCHING, "keyring-provider link-mode compile-bytecode"),
    *_variable("obeyed", "which indexes and folders are searched",
               "UV_DEFAULT_INDEX UV_INDEX UV_INDEX_URL UV_EXTRA_INDEX_URL UV_FIND_LINKS UV_NO_INDEX"),
    *_variable("gap", "which index counts when several have a project", "UV_INDEX_STRATEGY",
               obeyed=("first-index", "unsafe-best-match")),
    *_variable("obeyed", "which files of uv are read", "UV_CONFIG_FILE UV_NO_CONFIG UV_NO_SYSTEM_CONFIG"),
    *_variable("obeyed", "cool-down, in the place of that of the files", "UV_EXCLUDE_NEWER"),
    *_variable("obeyed", "requirements files: bounds, replaces or removes requirements, as `uv pip` does. Projects: "
               "a gap, for `uv pip` obeys it and `uv lock` does not. Locks: without influence",
               "UV_CONSTRAINT UV_OVERRIDE UV_EXCLUDE"),
    *_variable("obeyed", "projects: wheels or sdists only. Requirements files: without influence, as with `uv pip`",
               "UV_NO_BUILD UV_NO_BUILD_PACKAGE UV_NO_BINARY UV_NO_BINARY_PACKAGE"),
    *_variable("gap", _PRERELEASE, "UV_PRERELEASE", obeyed=("allow",), harmless=_PRE_HARMLESS),
    *_variable("gap", "the oldest versions are chosen", "UV_RESOLUTION", harmless=("highest",)),
    *_variable("gap", _FORK, "UV_FORK_STRATEGY", harmless=("requires-python",)),
    *_variable("gap", "`sources` do not count", "UV_NO_SOURCES UV_NO_SOURCES_PACKAGE", harmless=("0", "false")),
    *_variable("gap", "an index of PyTorch by the graphics card", "UV_TORCH_BACKEND"),
    *_variable("gap", "only files with a hash that the requirement names", "UV_REQUIRE_HASHES",
               harmless=("0", "false")),
    *_variable("gap", "features that are not the default yet", "UV_PREVIEW UV_PREVIEW_FEATURES",
               harmless=("0", "false")),
    *_variable("gap", "the project is another directory's", "UV_PROJECT UV_WORKING_DIR UV_WORKING_DIRECTORY",
               at_install=True),
    *_variable("none", "groups that a sync installs; the check has `--group`",
               "UV_DEV UV_NO_DEV UV_NO_GROUP UV_NO_DEFAULT_GROUPS"),
    *_variable("none", _INSTALLED, "UV_FROZEN UV_LOCKED UV_NO_SYNC UV_ISOLATED UV_NO_PROJECT"),
    *_variable("none", "checked after the choice", "UV_NO_VERIFY_HASHES"),
    *_variable("none", _BUILDS, "UV_BUILD_CONSTRAINT UV_NO_BUILD_ISOLATION UV_INIT_BUILD_BACKEND"),
    *_variable("none", _FETCHING, "UV_CACHE_DIR UV_NO_CACHE UV_OFFLINE UV_INSECURE_HOST UV_KEYRING_PROVIDER "
               "UV_LINK_MODE UV_COMPILE_BYTECODE UV_SYSTEM_CERTS UV_NATIVE_TLS UV_NO_PROGRESS UV_NO_EDITABLE "
               "UV_NO_INSTALL_LOCAL UV_NO_INSTALL_PROJECT UV_NO_INSTALL_WORKSPACE UV_PROJECT_ENVIRONMENT "
               "UV_VENV_CLEAR UV_VENV_RELOCATABLE"),
    *_variable("none", _WHOSE_PYTHON, "UV_PYTHON UV_SYSTEM_PYTHON UV_MANAGED_PYTHON UV_NO_MANAGED_PYTHON "
               "UV_PYTHON_DOWNLOADS UV_BREAK_SYSTEM_PACKAGES"),
    *_variable("none", "about uv itself, publishing and running", "UV_CUSTOM_COMPILE_COMMAND UV_ENV_FILE "
               "UV_NO_ENV_FILE UV_PUBLISH_CHECK_URL UV_PUBLISH_INDEX UV_PUBLISH_NO_ATTESTATIONS UV_PUBLISH_PASSWORD "
               "UV_PUBLISH_TOKEN UV_PUBLISH_URL UV_PUBLISH_USERNAME"),
)  # fmt: skip
