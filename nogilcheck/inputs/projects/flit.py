"""``[tool.flit.metadata]`` of projects without ``[project]``. See Flit's "Old style metadata"."""

from __future__ import annotations

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.projects.pep621 import read_metadata


def read_flit(metadata: Table) -> Content:
    """The core metadata: the distribution is called as the module unless it says otherwise."""
    name = metadata.string("dist-name" if "dist-name" in metadata else "module")
    return read_metadata(metadata, name, "requires", "requires-extra")
