"""Which files an interpreter takes for extension modules."""

from __future__ import annotations

import importlib.machinery
import sys
import sysconfig

import pytest

from nogilcheck.classify.extensions import (
    Extensions,
    abi_of,
    find_extensions,
    is_extension,
    is_for_tests,
    libraries,
    module_of,
    suffixes,
)

LINUX = "linux-x86_64"
FT = ".cpython-314t-x86_64-linux-gnu.so"


@pytest.mark.parametrize(
    ("python", "family", "free_threaded", "expected"),
    [
        ((3, 14), "linux-x86_64", True, [".cpython-314t-x86_64-linux-gnu.so", ".abi3.so", ".so"]),
        ((3, 13), "linux-aarch64", True, [".cpython-313t-aarch64-linux-gnu.so", ".abi3.so", ".so"]),
        ((3, 14), "musllinux-x86_64", True, [".cpython-314t-x86_64-linux-musl.so", ".abi3.so", ".so"]),
        ((3, 14), "macos-arm64", True, [".cpython-314t-darwin.so", ".abi3.so", ".so"]),
        ((3, 14), "windows-amd64", True, [".cp314t-win_amd64.pyd", ".pyd"]),
        ((3, 14), "windows-x86", True, [".cp314t-win32.pyd", ".pyd"]),
        ((3, 14), "linux-x86_64", False, [".cpython-314-x86_64-linux-gnu.so", ".abi3.so", ".so"]),
        (
            (3, 15),
            "linux-x86_64",
            True,
            [".cpython-315t-x86_64-linux-gnu.so", ".abi3t-x86_64-linux-gnu.so", ".abi3t.so", ".so"],
        ),
    ],
)
def test_suffixes(python: tuple[int, int], family: str, free_threaded: bool, expected: list[str]) -> None:
    assert list(suffixes(python, family, free_threaded=free_threaded)) == expected


@pytest.mark.skipif(
    sys.version_info >= (3, 15) or sys.platform != "linux", reason="the suffixes of older Pythons on Linux"
)
def test_the_running_interpreter_looks_for_the_same() -> None:
    machine = sysconfig.get_platform().removeprefix("linux-")
    libc = "musllinux" if "musl" in (sysconfig.get_config_var("SOABI") or "") else "linux"
    free_threaded = bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    own = suffixes(sys.version_info[:2], f"{libc}-{machine}", free_threaded=free_threaded)
    assert list(own) == importlib.machinery.EXTENSION_SUFFIXES


def find(*members: str, python: tuple[int, int] = (3, 14), family: str = LINUX) -> Extensions:
    return find_extensions(members, suffixes(python, family))


def test_modules_libraries_and_files_for_others() -> None:
    found = find(
        f"a/_x{FT}",
        "a/_y.abi3.so",
        "a/_z.so",
        f"a/81d243bd2c585b0f4821__mypyc{FT}",
        f"pkg-1.0.data/platlib/b/_w{FT}",
        "a/_o.cpython-314-x86_64-linux-gnu.so",
        "a/_m.cpython-314t-darwin.so",
        "a/_p.pypy311-pp73-x86_64-linux-gnu.so",
        "a/_t.abi3t.so",
        "a/_v.pyd",
        "a/lib.so.1",
        "a/libfoo-1a2b.so",
        "a.libs/libgomp.so",
        f"a.libs/_x{FT}",
        "a/_x.py",
        f"pkg-1.0.data/data/_d{FT}",
        f"pkg-1.0.dist-info/_i{FT}",
    )
    assert found.loadable == (
        f"a/81d243bd2c585b0f4821__mypyc{FT}",
        f"a/_x{FT}",
        "a/_y.abi3.so",
        "a/_z.so",
        f"pkg-1.0.data/platlib/b/_w{FT}",
    )
    assert found.unloadable == (
        "a/_m.cpython-314t-darwin.so",
        "a/_o.cpython-314-x86_64-linux-gnu.so",
        "a/_p.pypy311-pp73-x86_64-linux-gnu.so",
        "a/_t.abi3t.so",
        "a/_v.pyd",
    )


def test_of_files_for_the_same_module_the_first_suffix_counts() -> None:
    assert find(f"a/_x{FT}", "a/_x.abi3.so", "a/_x.so").loadable == (f"a/_x{FT}",)
    assert find("a/_x.abi3.so", "a/_x.so").loadable == ("a/_x.abi3.so",)
    assert find("a/_x.so", "b/_x.so").loadable == ("a/_x.so", "b/_x.so")


def test_3_15_has_a_stable_abi_of_its_own() -> None:
    found = find("a/_x.abi3t.so", "a/_y.abi3t-x86_64-linux-gnu.so", "a/_z.abi3.so", python=(3, 15))
    assert found.loadable == ("a/_x.abi3t.so", "a/_y.abi3t-x86_64-linux-gnu.so")
    assert found.unloadable == ("a/_z.abi3.so",)


@pytest.mark.parametrize(
    ("member", "name"),
    [
        (f"numpy/_core/_simd{FT}", "numpy._core._simd"),
        (f"_cffi_backend{FT}", "_cffi_backend"),
        (f"x-1.data/platlib/a/_x{FT}", "a._x"),
        ("a/_x.pyd", "a._x"),
    ],
)
def test_module_names(member: str, name: str) -> None:
    assert module_of(member) == name


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (f"a/tests/_x{FT}", True),
        (f"a/test/_x{FT}", True),
        (f"a/_test_x{FT}", True),
        (f"a/_multiarray_tests{FT}", True),
        (f"a/_x_test{FT}", True),
        (f"a/testing/_x{FT}", False),
        (f"a/_contest{FT}", False),
        (f"a/latest{FT}", False),
        (f"tests_of/_x{FT}", False),
    ],
)
def test_what_only_tests_import(member: str, expected: bool) -> None:
    assert is_for_tests(member) is expected


@pytest.mark.parametrize(
    ("member", "abi"),
    [
        (f"a/_x{FT}", "cp314t"),
        ("a/_x.cpython-314-darwin.so", "cp314"),
        ("a/_x.cp315t-win_arm64.pyd", "cp315t"),
        ("a/_x.abi3.so", "abi3"),
        ("a/_x.abi3t-x86_64-linux-gnu.so", "abi3t"),
        ("a/_x.so", None),
        ("a/_x.pypy311-pp73-x86_64-linux-gnu.so", None),
    ],
)
def test_the_abi_of_a_suffix(member: str, abi: str | None) -> None:
    assert abi_of(member) == abi


def test_what_some_interpreter_may_load() -> None:
    assert all(map(is_extension, (f"a/_x{FT}", "a/_x.so", "a/_x.pyd", "a/_x.abi3t.so")))
    assert not any(map(is_extension, ("a/_x.py", "a.libs/x.so", "a/x.so.1", "a/_x.pypy311-pp73-darwin.so", "a/x.b.so")))


def test_libraries_go_by_their_names_and_places() -> None:
    members = ["a/lib/libx.so", "a/libx.so", f"a/lib/lib{FT}", "a/lib/_x.so", "a/lib/libx.abi3.so", "b/lib/libx.so"]
    members += ["a/lib/deep/liby.so", "b/lib/__init__.py", "c/lib/libx.so", "c/lib/other.py"]
    assert list(libraries(members)) == ["a/lib/libx.so", "a/lib/deep/liby.so"]
