"""pip 26.3: the options of its commands, as ``PIP_OPTION`` and as ``option`` in ``pip.conf``."""

from __future__ import annotations

from functools import partial

from nogilcheck.inputs.settings.catalogue.records import Setting, rows

OPTION = "PIP_* and pip.conf"

_row = partial(rows, "pip", OPTION)

SETTINGS: tuple[Setting, ...] = (
    *_row("obeyed", "which indexes and folders are searched", "index-url pypi-url extra-index-url no-index find-links"),
    *_row("obeyed", "constraints files; relative paths are relative to the working directory", "constraint"),
    *_row("obeyed", "cool-down: files uploaded at this time or later do not exist", "uploaded-prior-to"),
    *_row("obeyed", "wheels or sdists only, for all projects or by name", "no-binary only-binary"),
    *_row("obeyed", "pre-releases of every project are candidates", "pre"),
    *_row("obeyed", "pre-releases by name; anything but `:all:` for all projects is a gap", "all-releases only-final"),
    *_row("obeyed", "only files with a hash that the requirement names", "require-hashes"),
    *_row("gap", "switches hash checking off", "no-require-hashes"),
    *_row("gap", "an older version with a wheel goes before a newer one without", "prefer-binary"),
    *_row("gap", "requirements beyond those that are checked", "requirement editable group requirements-from-script"),
    *_row("gap", "dependencies are left out", "no-deps no-dependencies only-deps only-dependencies"),
    *_row("gap", "Requires-Python does not count", "ignore-requires-python"),
    *_row("gap", "pip chooses for another interpreter or platform", "abi implementation platform python-version"),
    *_row("gap", "pip ignores its variables and the user's file", "isolated"),
    *_row("gap", "another resolver", "use-deprecated", harmless=("legacy-certs",)),
    *_row("gap", "features that are not the default yet", "use-feature",
          harmless=("fast-deps", "inprocess-build-deps", "venv-isolation", "truststore", "no-binary-enable-wheel-cache",
                    "build-constraint")),
    *_row("none", "about what is installed already; the check is for an empty environment",
          "upgrade upgrade-strategy force-reinstall ignore-installed"),
    *_row("none", "where and how files are installed",
          "target user no-user root prefix src source source-dir source-directory compile no-compile "
          "break-system-packages no-warn-script-location no-warn-conflicts root-user-action require-virtualenv "
          "require-venv dry-run report no-clean python"),
    *_row("none", "about builds, which nogilcheck never runs",
          "build-constraint no-build-isolation use-pep517 check-build-dependencies config-settings"),
    *_row("none", "how an index is asked; nogilcheck has flags of its own for it",
          "cache-dir no-cache-dir refresh-package keyring-provider proxy no-proxy-env retries resume-retries timeout "
          "default-timeout trusted-host cert client-cert exists-action"),
    *_row("none", "what pip prints",
          "help debug verbose quiet log log-file local-log no-input progress-bar disable-pip-version-check no-color "
          "no-python-version-warning"),
    *_row("none", "options of other commands than install",
          "algorithm all bash dest destination-dir destination-directory editor exclude exclude-editable files fish "
          "format global include-editable index json local no-verify not-required outdated output path powershell site "
          "uptodate wheel-dir yes zsh version"),
)  # fmt: skip
