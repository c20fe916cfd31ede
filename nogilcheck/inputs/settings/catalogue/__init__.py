"""Every setting of the installers that may change which distribution is chosen, and what nogilcheck does with it.

It is the page ``docs/reference/settings.md`` as well (``make docs``). A new setting is a row here.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping

from nogilcheck.inputs.settings.catalogue import pdm, pip, pipenv, pixi, poetry, uv
from nogilcheck.inputs.settings.catalogue.records import Setting, Tool

SETTINGS: tuple[Setting, ...] = tuple(
    setting for tool in (pip, uv, poetry, pdm, pipenv, pixi) for setting in tool.SETTINGS
)


@functools.cache
def settings_of(tool: Tool, place: str) -> Mapping[str, Setting]:
    """The settings of a tool in one place, by name."""
    return {setting.name: setting for setting in SETTINGS if setting.tool == tool and setting.place == place}
