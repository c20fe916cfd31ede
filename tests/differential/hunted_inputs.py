"""Hand-made inputs with the right answer (``fixtures/hunted-inputs.toml`` says what its keys mean)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_LOG = Path(__file__).parents[2] / "fixtures" / "hunted-inputs.toml"
_REQUIREMENTS = ["requirements.txt"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hunted:
    """A directory, and whether what it says installs."""

    name: str
    files: Mapping[str, str]
    checked: tuple[str, ...]
    ready: bool
    steps_back: bool
    wrong: str

    @property
    def asks_pip(self) -> bool:
        """Whether pip can be asked the same about an interpreter that is not there."""
        return list(self.checked) == _REQUIREMENTS


def _read(table: dict[str, object]) -> Hunted:
    checked, files = table.pop("checked", _REQUIREMENTS), table.pop("files")
    assert isinstance(checked, list)
    assert isinstance(files, dict)
    found = Hunted(
        name=str(table.pop("name")),
        files=files,
        checked=tuple(checked),
        ready=table.pop("ready", False) is True,
        steps_back=table.pop("steps-back", False) is True,
        wrong=str(table.pop("wrong", "")),
    )
    assert not table, f"{found.name}: unknown keys"
    return found


_READ = tomllib.loads(_LOG.read_text(encoding="utf-8"))

UNIVERSE: str = _READ["universe"]
INPUTS = tuple(_read(table) for table in _READ["input"])
