"""The tags that pip accepts: cases on stdin, lists of tags on stdout, both JSON.

A case names a platform for pip to work with, or a libc and a machine for pip to believe it runs on.
"""

from __future__ import annotations

import json
import sys
import sysconfig
from typing import Any
from unittest.mock import patch

from pip._internal.utils.compatibility_tags import get_supported
from pip._vendor.packaging import _manylinux, _musllinux


def answer(case: dict[str, Any]) -> list[str]:
    glibc = tuple(case.get("glibc", (-1, -1)))
    musl = _musllinux._MuslVersion(*case["musl"]) if "musl" in case else None
    with (
        patch.object(sysconfig, "get_platform", lambda: f"linux-{case.get('machine')}"),
        patch.object(_manylinux, "_get_glibc_version", lambda: glibc),
        patch.object(_musllinux, "_get_musl_version", lambda _: musl),
    ):
        return [str(tag) for tag in get_supported(case["version"], case.get("platforms"), "cp", [case["abi"]])]


if __name__ == "__main__":
    json.dump([answer(case) for case in json.load(sys.stdin)], sys.stdout)
