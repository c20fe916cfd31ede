"""The addresses of this project, as the metadata of the installed distribution gives them.

Their one home is ``[project.urls]`` in pyproject.toml; whoever builds the package decides where it lives.
"""

from __future__ import annotations

from typing import Final

SOURCE: Final = "Source"
DOCUMENTATION: Final = "Documentation"
"""The address of the folder ``docs``. Both are well-known labels (PyPA, "Well-known Project URLs in Metadata")."""


def project_url(label: str) -> str | None:
    """The address under this label; None when the metadata has no such label, or nothing is installed."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        lines = metadata("nogilcheck").get_all("Project-URL") or []
    except PackageNotFoundError:
        return None
    urls = dict(line.split(", ", 1) for line in lines if ", " in line)
    return urls.get(label)
