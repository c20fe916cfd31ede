"""conda's platforms, and what is said of what conda installs."""

from __future__ import annotations

from collections.abc import Sequence

MAX_SHOWN_PACKAGES = 20
"""Names of conda packages in the note on them."""

CONDA_HINT = "Check an environment that conda has made (nogilcheck --env DIRECTORY), or name what PyPI has of them."
PYTHON_HINT = "The targets are those of --python; conda's own free-threaded build is python-freethreading."

PLATFORMS = {
    "linux-64": 'sys_platform == "linux" and platform_machine == "x86_64"',
    "linux-aarch64": 'sys_platform == "linux" and platform_machine == "aarch64"',
    "linux-ppc64le": 'sys_platform == "linux" and platform_machine == "ppc64le"',
    "osx-64": 'sys_platform == "darwin" and platform_machine == "x86_64"',
    "osx-arm64": 'sys_platform == "darwin" and platform_machine == "arm64"',
    "win-64": 'sys_platform == "win32" and platform_machine == "AMD64"',
    "win-arm64": 'sys_platform == "win32" and platform_machine == "ARM64"',
}
"""conda's platforms as markers (PEP 508)."""


def not_checked(names: Sequence[str]) -> str:
    """The sentence on conda packages."""
    shown = ", ".join(names[:MAX_SHOWN_PACKAGES]) + (", ..." if len(names) > MAX_SHOWN_PACKAGES else "")
    return f"{'1 conda package is' if len(names) == 1 else f'{len(names)} conda packages are'} not checked: {shown}"
