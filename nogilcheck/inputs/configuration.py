"""What the environment and its files say of indexes and of what is chosen, on the way to `IndexSettings`.

The user's own words are flags and the option lines of requirements files. What remains are the variables and files of
the installers, and the tables of the project files: see ``docs/reference/indexes.md`` for which goes before which, and
``docs/reference/settings.md`` for whose settings count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content, without_choice
from nogilcheck.inputs.requirements.gathered_options import SettingsBuilder
from nogilcheck.inputs.settings.pip import read_pip_configuration
from nogilcheck.inputs.settings.uv import read_uv_environment
from nogilcheck.inputs.settings.uv_files import read_uv_files
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import SourceReader
from nogilcheck.inputs.whose_settings import Choosing, read_choice
from nogilcheck.model.credentials.secrets import learn_values
from nogilcheck.model.source import IndexSettings, Unread

_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_]\w*)\}")


class Configuration:
    """What the environment and its files say, read once."""

    def __init__(self, sources: SourceReader) -> None:
        self._here = Neighbours(sources, ".")
        self.pip = read_pip_configuration(sources)
        variables, gaps = read_uv_environment(sources.evidence)
        files, unread = read_uv_files(self._here)
        self._uv = [variables, *files]
        self._uv_gaps = [*gaps, *unread]
        self.unread: tuple[Unread, ...] = self.pip.unread

    def settled(
        self, builder: SettingsBuilder, tables: Iterable[IndexSettings], choosing: Choosing | None = None
    ) -> tuple[IndexSettings, tuple[Unread, ...]]:
        """The settings of the run without pins, and gaps; ``tables`` are those of the project files.

        ``${NAME}`` in a URL of theirs is what the environment has for it, as PDM and Pipenv have it. Without
        ``choosing``, everything counts.
        """
        uv, gaps = self._uv, self._uv_gaps
        if choosing is not None:
            gaps = choosing.counting(gaps, "uv", "uv pip")
            uv = uv if choosing.uv else list(map(without_choice, uv))
        variables, *files = uv
        layers = (variables, *(self._expanded(table) for table in (*tables, *files)))
        return builder.build(layers, pip_chooses=choosing is None or choosing.pip), tuple(gaps)

    def choice(self, choosing: Choosing, projects: Iterable[str], read: Iterable[Content]) -> Content:
        """What the settings of the installers add to what was ``read``.

        ``projects`` are the directories of project files and locks.
        """
        return read_choice(choosing, self._here, [self._here.within(path) for path in projects], read=read)

    def _expanded(self, table: IndexSettings) -> IndexSettings:
        return replace(table, indexes=tuple(replace(index, url=self._url(index.url)) for index in table.indexes))

    def _url(self, written: str) -> str:
        variable = self._here.evidence.variable
        values = {f"${{{name}}}": value for name in _VARIABLE.findall(written) if (value := variable(name))}
        url = _VARIABLE.sub(lambda match: values.get(match[0], match[0]), written)
        learn_values(url, values)
        return url


def configured(flags: IndexSettings) -> IndexSettings:
    """The flags on top of what the environment and pip's files say, whatever the inputs add to them."""
    configuration = Configuration(SourceReader())
    builder = SettingsBuilder(flags)
    builder.configure(configuration.pip)
    return configuration.settled(builder, ())[0]
