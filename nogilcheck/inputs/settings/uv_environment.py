"""The environment variables that tell uv of indexes. See uv's reference, "Environment variables"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nogilcheck.inputs.settings.uv import STRATEGIES
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.model.source import IndexSettings, Location, NamedIndex, Role, Unread

TRUE = frozenset({"1", "true", "yes", "on", "y", "t"})

_NAME = re.compile(r"[\w.-]+")


def read_uv_environment(evidence: Evidence) -> tuple[IndexSettings, list[Unread]]:
    """What the variables say, each witnessed, and what makes no sense."""
    unread = []
    strategy = None
    if written := evidence.variable("UV_INDEX_STRATEGY"):
        strategy = STRATEGIES.get(written)
        if strategy is None:
            text = f"not a strategy of uv: it is one of {', '.join(STRATEGIES)}"
            unread.append(Unread(location=Location(path="UV_INDEX_STRATEGY"), text=text))
    settings = IndexSettings(
        indexes=tuple(_indexes(evidence)),
        find_links=tuple(filter(None, (evidence.variable("UV_FIND_LINKS") or "").split(","))),
        no_index=(evidence.variable("UV_NO_INDEX") or "").lower() in TRUE,
        pre=evidence.variable("UV_PRERELEASE") == "allow",
        strategy=strategy,
    )
    return settings, unread


def _indexes(evidence: Evidence) -> Iterator[NamedIndex]:
    """In uv's order; ``UV_INDEX_URL`` and ``UV_EXTRA_INDEX_URL`` are the older names."""
    for variable, role in (
        ("UV_DEFAULT_INDEX", "default"),
        ("UV_INDEX", "first"),
        ("UV_EXTRA_INDEX_URL", "first"),
        ("UV_INDEX_URL", "default"),
    ):
        for written in (evidence.variable(variable) or "").split():
            yield named_index(written, role)  # type: ignore[arg-type]


def named_index(written: str, role: Role) -> NamedIndex:
    """``URL``, or ``NAME=URL``."""
    name, equals, url = written.partition("=")
    if equals and url and _NAME.fullmatch(name):
        return NamedIndex(name=name, url=url, role=role)
    return NamedIndex(url=written, role=role)
