"""What the members of a wheel without an ABI say about it."""

from __future__ import annotations

import pytest

from nogilcheck.classify.wheels import Contents, judge_members
from nogilcheck.targets.builds import make_target

T314, T315, G314 = (make_target(python, "linux-x86_64") for python in ("3.14t", "3.15t", "3.14"))

NO, OWN, FOREIGN, UNCLEAR = Contents.NO_EXTENSION, Contents.LOADABLE, Contents.FOREIGN_ABI, Contents.UNCLEAR


@pytest.mark.parametrize(
    ("member", "t314", "t315", "g314"),
    [
        ("pkg/_x.cpython-314t-x86_64-linux-gnu.so", OWN, FOREIGN, FOREIGN),
        ("pkg/_x.cpython-314-x86_64-linux-gnu.so", FOREIGN, FOREIGN, OWN),
        ("pkg/_x.cpython-315t-x86_64-linux-gnu.so", FOREIGN, OWN, FOREIGN),
        ("pkg/_x.cpython-313-darwin.so", FOREIGN, FOREIGN, FOREIGN),
        ("orjson/orjson.cp313-win_amd64.pyd", FOREIGN, FOREIGN, FOREIGN),
        ("pkg/_x.cp314t-win_amd64.pyd", OWN, FOREIGN, FOREIGN),
        ("pkg/_x.cpython-314td-x86_64-linux-gnu.so", FOREIGN, FOREIGN, FOREIGN),
        ("pkg/_x.cpython-314d-x86_64-linux-gnu.so", FOREIGN, FOREIGN, FOREIGN),
        ("pkg/_x.abi3.so", FOREIGN, FOREIGN, OWN),
        ("pkg/_x.abi3t.so", OWN, OWN, FOREIGN),
        ("pkg/_x.abi3t-x86_64-linux-gnu.so", OWN, OWN, FOREIGN),
        ("pkg/libx.cpython-314t-x86_64-linux-gnu.so", OWN, FOREIGN, FOREIGN),
        ("pkg/_x.so", UNCLEAR, UNCLEAR, UNCLEAR),
        ("pkg/_x.pyd", UNCLEAR, UNCLEAR, UNCLEAR),
        ("_x.so", UNCLEAR, UNCLEAR, UNCLEAR),
        ("pkg/libx.so", NO, NO, NO),
        ("pkg/libx.so.1", NO, NO, NO),
        ("pkg.libs/x-3f2a.so", NO, NO, NO),
        ("pkg/.dylibs/x.so", NO, NO, NO),
        ("pkg/libx.dylib", NO, NO, NO),
        ("pkg/x.dll", NO, NO, NO),
        ("pkg/__init__.py", NO, NO, NO),
        ("pkg/notes.cpython-314t.txt", NO, NO, NO),
        ("pkg.so/readme.txt", NO, NO, NO),
        ("pkg-1.0.dist-info/RECORD", NO, NO, NO),
    ],
)
def test_one_member(member: str, t314: Contents, t315: Contents, g314: Contents) -> None:
    found = [judge_members([member], build) for build in (T314, T315, G314)]
    assert found == [t314, t315, g314]


@pytest.mark.parametrize(
    ("members", "contents"),
    [
        ([], NO),
        (["pkg/__init__.py", "pkg/_x.abi3t.so"], OWN),
        (["pkg/_x.abi3t.so", "pkg/_y.so"], UNCLEAR),
        (["pkg/_y.so", "pkg/_x.abi3.so", "pkg/_z.abi3t.so"], FOREIGN),
    ],
)
def test_the_worst_member_decides(members: list[str], contents: Contents) -> None:
    assert judge_members(members, T314) is contents
    assert judge_members(reversed(members), T314) is contents
