"""What requires what, in a report: the user's requirements, and the edges that lead from them to each distribution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

from nogilcheck.frozen import frozen
from nogilcheck.model.json_format.kinds import Choice, JsonKind, JsonTable, Object, integer, read_key
from nogilcheck.model.json_format.records import kind_of
from nogilcheck.model.source import Count, LineNumber


@frozen
class RequestedBy:
    """One requirement that asks for a distribution."""

    name: str
    """The requiring distribution, or the requirement as the user wrote it."""
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


@frozen
class Endpoint:
    """A distribution at either end of an edge."""

    name: str
    version: str | None = None


class _Parent(JsonKind):
    """``{"root": 0}`` for a root, or the object of an `Endpoint`."""

    def __init__(self) -> None:
        root = {"type": "object", "additionalProperties": False, "required": ["root"]}
        root["properties"] = {"root": {"$ref": "#/$defs/RootPosition"}}
        super().__init__("an object", schema={"anyOf": [{"$ref": "#/$defs/Endpoint"}, root]})

    def read(self, value: Any) -> int | Endpoint:
        if type(value) is not dict or "root" not in value:
            end: Endpoint = kind_of(Endpoint).read(value)
            return end
        root: int = read_key(value, "root", integer())
        return root

    def write(self, value: int | Endpoint) -> Object:
        return {"root": value} if isinstance(value, int) else kind_of(Endpoint).write(value)


Parent = Annotated[int | Endpoint, _Parent()]
"""What requires something: a distribution, or a root by its position in `Report.roots`."""


@frozen
class ReportEdge:
    """One requirement that holds on one target."""

    target: str
    project: Count = 0
    """Which of the projects of the run says so, from 0; no chain leads from one of them into another."""
    parent: Parent = field(metadata={"key": "from"})
    child: Endpoint = field(metadata={"key": "to"})
    specifier: str = ""
    extra: str | None = None
    marker: str | None = None


JUDGED, NOT_APPLICABLE, NOT_CHECKED = "judged", "not-applicable", "not-checked"

RootState = Annotated[Mapping[str, str], JsonTable(Choice([JUDGED, NOT_APPLICABLE, NOT_CHECKED]))]
"""By target id: whether what a requirement asks for was judged, the marker is false, or a gap tells why it was not."""


@frozen
class ReportRoot:
    """A requirement that the user wrote, and what became of it."""

    requirement: str
    path: str
    line: LineNumber | None = None
    group: str | None = None
    # The first reports had neither.
    marker: str | None = field(default=None, metadata={"added": True})
    targets: RootState | None = field(default=None, metadata={"added": True})

    @property
    def left_out_on(self) -> tuple[str, ...]:
        """The ids of the targets to which it does not apply."""
        return tuple(target for target, state in (self.targets or {}).items() if state == NOT_APPLICABLE)
