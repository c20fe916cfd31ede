"""What an answer rests on outside the options. A replay imports this: no dataclass, whose making takes longer."""

from __future__ import annotations

from typing import NamedTuple


class Witness(NamedTuple):
    """Something outside the options that an answer rests on: if it is the same, so is the answer."""

    kind: str
    """``file``, ``directory`` or ``variable``; see `nogilcheck.inputs.text.input_fingerprint`."""
    name: str
    """An absolute path, or the name of an environment variable."""
    sha256: str
    """Of the file's bytes, the directory's listing or the variable's value; empty when absent."""
