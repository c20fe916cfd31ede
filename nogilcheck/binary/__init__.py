"""What the bytes of an extension module declare about the GIL. Pure; runs nothing of them.

`declaration_of` and `continuations_of` answer in this process, `Isolated` in another one, with limits on time and
memory.
"""

from __future__ import annotations

from nogilcheck.binary.analysis import ENGINE, continuations_of, declaration_of
from nogilcheck.binary.isolated import Isolated

__all__ = ["ENGINE", "Isolated", "continuations_of", "declaration_of"]
