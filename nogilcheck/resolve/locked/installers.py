"""What the installer of a lock does not take, although it fits the target."""

from __future__ import annotations

from nogilcheck.model.graph import GapKind, GraphGap, Node


def refused_by_pdm(node: Node, wheel: str) -> GraphGap:
    """PDM 2.29.4 with dep-logic 0.7.2 knows no tag of the stable ABI for free-threaded builds (PEP 803)."""
    text = (
        f"{node.name} {node.version}: the target takes {wheel} for its abi3t tag, which PDM does not know (2.29.4 with "
        "dep-logic 0.7.2): pip and uv install the wheel, PDM builds the sdist or fails"
    )
    return GraphGap(kind=GapKind.INSTALLER, text=text, distribution=node.name)
