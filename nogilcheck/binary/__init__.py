"""Bytes of one file -> what it declares about the GIL. Pure; nothing of the file is ever run.

`declaration_of` answers in this process, `Isolated` in another one with limits on time and memory.
"""

from __future__ import annotations

from nogilcheck.binary.analysis import declaration_of
from nogilcheck.binary.isolated import Isolated

__all__ = ["Isolated", "declaration_of"]
