"""Settings that are set and that nogilcheck does not follow: each is a gap, told with its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from nogilcheck.inputs.file_content.diagnostics import CORE, Part
from nogilcheck.inputs.file_content.document import Table
from nogilcheck.inputs.settings.catalogue import settings_of
from nogilcheck.inputs.settings.catalogue.records import Setting, Tool
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.model.source import Location, Unread

HINT = "What is set there changes which distributions are chosen; see the reference, Settings of the installers."


def gap_text(setting: Setting) -> str:
    """The sentence on a setting that is not followed."""
    return f"{setting.name} of {setting.tool} is not followed: {setting.note}"


def reject_unfollowed(table: Table, tool: Tool, place: str, part: Part = CORE) -> None:
    """Reject the settings of a table that are not followed, and those that are not known.

    A table that was written for a newer release of the tool may hold anything.
    """
    known = settings_of(tool, place)
    for key, value in table.data.items():
        setting = known.get(key)
        if setting is None:
            text = f"{table.named(key)} is not a setting of {tool} that is known: it may change the choice"
        elif setting.is_gap(value):
            text = gap_text(setting)
        else:
            continue
        table.document.diagnostics.reject(table.where(key), text, HINT, part=part, setting=_kind(setting))


def unfollowed_variables(evidence: Evidence, tool: Tool, place: str) -> Iterator[Unread]:
    """A gap for each environment variable that is set and not followed."""
    for setting in settings_of(tool, place).values():
        if setting.effect == "gap" and setting.is_gap(evidence.variable(setting.name)):
            yield gap(setting, Location(path=setting.name))


def gap(setting: Setting, where: Location) -> Unread:
    """The gap that a setting is at a place."""
    return Unread(location=where, text=gap_text(setting), hint=HINT, setting=_kind(setting))


def _kind(setting: Setting | None) -> Literal["choice", "install"]:
    return "install" if setting is not None and setting.at_install else "choice"
