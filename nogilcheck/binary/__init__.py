"""Bytes of one file -> what it declares about the GIL. Pure; nothing of the file is ever run."""

from __future__ import annotations

from nogilcheck.binary.analysis import declaration_of

__all__ = ["declaration_of"]
