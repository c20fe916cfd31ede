"""Windows modules that are damaged: unreadable, not libraries without exports, which would pass."""

from __future__ import annotations

import pytest

from nogilcheck.binary import declaration_of
from nogilcheck.model.declaration import Declared
from tests.support.binaries import binary

MODULE = binary("windows-x64-runtime-1")


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5, 0.9, 0.999])
def test_a_file_that_is_cut_off_is_unreadable(share: float) -> None:
    data = MODULE.data
    assert declaration_of(data, MODULE.file, MODULE.python).declared is Declared.NOT_USED
    cut = declaration_of(data[: int(len(data) * share)], MODULE.file, MODULE.python)
    assert cut.declared is Declared.UNKNOWN


def test_an_export_table_that_leads_nowhere_is_unreadable() -> None:
    at = int.from_bytes(MODULE.data[0x3C:0x40], "little") + 24 + 112
    """The first data directory (Microsoft, "PE Format")."""
    data = MODULE.data[:at] + b"\xff\xff\xff\x7f" + MODULE.data[at + 4 :]
    assert declaration_of(data, MODULE.file, MODULE.python).declared is Declared.UNKNOWN
