"""The ledger of a run: the package's own, with the files that the user adds; and what the index makes of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from pkgutil import get_data

from nogilcheck.errors import InputError
from nogilcheck.evidence.ledger import Ledger, merged, part_of, read_ledger


def ledger_of(names: Collection[str] | None, added: Sequence[str] = ()) -> Ledger:
    """What is known of these projects, of all where it is ``None``; a file of the user's replaces what it repeats.

    Raises `InputError`, with file and line, for a file that is not a ledger.
    """
    text = (get_data("nogilcheck.evidence", "ledger.toml") or b"").decode()
    own = _read(text if names is None else part_of(text, frozenset(names)), "ledger.toml")
    for path in added:
        own = merged(own, read_file(path))
    return own


def read_file(path: str) -> Ledger:
    """The ledger in a file. Raises `InputError`."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(
            f"the evidence cannot be read: {reason}", where=path, hint="name a TOML file on this machine"
        ) from None
    return _read(text, path)


def _read(text: str, path: str) -> Ledger:
    from nogilcheck.inputs.text.sources import UnreadableSourceError
    from nogilcheck.inputs.text.toml_document import parse_toml

    try:
        document = parse_toml(text)
    except UnreadableSourceError as error:
        raise InputError(str(error), where=path if error.line is None else f"{path}:{error.line}") from None
    return read_ledger(document.data, lambda *keys: f"{path}:{document.line(*keys) or 1}")
