"""Every crafted binary declares what its source says, with the extra ``scan`` and without."""

from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest

from nogilcheck.binary import continuations_of, declaration_of
from nogilcheck.model.declaration import ABI_FREE_THREADED, ABI_GIL, ABI_STABLE, Declaration, Declared, FactCode
from tests.support.binaries import CORPUS, ROOT, Crafted, binary

EXTRA = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name in ("lief", "capstone"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocked())
"""


def declared(each: Crafted, python: str | None = None, name: str | None = None) -> Declaration:
    return declaration_of(each.data, name or f"demo/{each.file}", python or each.python)


def codes(found: Declaration) -> set[FactCode]:
    return {fact.code for fact in found.evidence}


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where neither LIEF nor capstone is installed."""
    for name in ("pe", "macho", "tracer"):
        monkeypatch.setitem(sys.modules, f"nogilcheck.binary.{name}", None)


@pytest.mark.parametrize("file", CORPUS)
def test_with_the_extra(file: str) -> None:
    each = CORPUS[file]
    found = declared(each)
    assert found.declared == each.declared, found
    assert found.delegate == each.delegate
    assert found.missing_extra is None
    assert found.evidence


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("file", CORPUS)
def test_without_the_extra(file: str) -> None:
    each = CORPUS[file]
    found = declared(each)
    assert found.declared == each.without, found
    if found.declared is Declared.UNKNOWN and each.declared != "unknown":
        assert found.missing_extra == "scan"


@pytest.mark.usefixtures("bare")
def test_without_the_extra_nothing_is_declared_free_that_is_not() -> None:
    for each in CORPUS.values():
        if each.declared != Declared.NOT_USED:
            assert declared(each).declared is not Declared.NOT_USED, each.file


def test_no_offender_is_expected_to_pass() -> None:
    offenders = [each for name, each in CORPUS.items() if name.startswith("offender-")]
    assert len(offenders) > 60
    assert Declared.NOT_USED.value not in {answer for each in offenders for answer in (each.declared, each.without)}


def test_the_extra_is_really_not_needed() -> None:
    code = (
        f"{EXTRA}from pathlib import Path\nfrom nogilcheck.binary import continuations_of, declaration_of\n"
        "for name in sys.argv[1:]:\n"
        "    found = declaration_of(Path(name).read_bytes(), name, 'cp314t')\n"
        "    print(found.declared.value, found.missing_extra)\n"
    )
    names = ("static-not-used-O2", "single-O2-not-used", "windows-x64-static-1")
    files = [str(ROOT / "built" / binary(name).file) for name in names]
    done = subprocess.run([sys.executable, "-c", code, *files], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["not-used None", "unknown scan", "unknown scan"]


def test_every_binary_is_there_and_small() -> None:
    built = {path.relative_to(ROOT / "built").as_posix() for path in (ROOT / "built").rglob("*") if path.is_file()}
    assert built == set(CORPUS)
    assert all(len(each.data) < 64 * 1024 for each in CORPUS.values())


def test_the_evidence_names_definition_and_slot() -> None:
    found = declared(binary("static-used-O2"))
    details = {fact.code: fact.detail for fact in found.evidence}
    assert details[FactCode.HOOK] == ("PyInit_demo",)
    assert details[FactCode.DEFINITION][1:] == ("package.demo",)
    assert details[FactCode.SLOT] == ("4", "0")


def test_the_evidence_names_the_call() -> None:
    found = declared(binary("single-O2-used"))
    details = {fact.code: fact.detail for fact in found.evidence}
    assert details[FactCode.CALL] == ("PyUnstable_Module_SetGIL", "0")


def test_what_an_environment_variable_decides_is_not_known() -> None:
    for name in ("environment-O2-1", "environment-O2-2", "environment-O0-3"):
        found = declared(binary(name))
        details = {fact.code: fact.detail for fact in found.evidence}
        assert set(details[FactCode.DISAGREEMENT]) == {"not-used", "used"}, name
        assert details[FactCode.DECIDED_BY] == ("getenv", "not-used", "used"), name


def test_slots_that_a_function_of_another_library_may_change_are_not_known() -> None:
    """As in gmpy2, where ``mpfr_buildopt_tls_p()`` of libmpfr decides."""
    found = declared(binary("environment-O2-4"))
    assert found.declared is Declared.UNKNOWN
    assert [fact.detail for fact in found.evidence if fact.code is FactCode.DECIDED_BY] == [
        ("getenv", "used", "not-used")
    ]


def test_the_stable_abi_tells_its_flags_and_symbols() -> None:
    found = declared(binary("export-O2-1"))
    assert found.hooks == ("PyModExport_demo",)
    assert found.abi_flags == ABI_STABLE | ABI_GIL | ABI_FREE_THREADED
    assert found.symbols == ("PyModule_AddIntConstant",)


def test_only_a_newer_interpreter_prefers_slots_to_a_definition() -> None:
    newer, older = declared(binary("both-315")), declared(binary("both-314"))
    assert newer.hooks == ("PyModExport_demo", "PyInit_demo")
    assert older.hooks == ("PyInit_demo", "PyModExport_demo")
    assert (newer.declared, older.declared) == (Declared.NOT_USED, Declared.USED)


def test_the_other_layout_is_told() -> None:
    found = declared(binary("gil-layout"))
    assert found.gil_layout
    assert FactCode.OTHER_LAYOUT in codes(found)


def test_a_module_is_one_under_its_own_name_only() -> None:
    each = binary("static-not-used-O2")
    assert declared(each, name="a\\b\\demo.pyd").declared is Declared.NOT_USED
    found = declared(each, name="demo2.so")
    assert found.declared is Declared.NOT_A_MODULE
    assert found.evidence[0].detail == ("PyModExport_demo2", "PyInit_demo2")


def test_a_package_is_imported_by_its_own_name() -> None:
    each = binary("static-used-O2")
    assert declared(each, name="lib/demo/__init__.cpython-314t-x86_64-linux-gnu.so").declared is Declared.USED
    assert declared(each, name="lib/other/__init__.so").declared is Declared.NOT_A_MODULE


def test_an_answer_of_another_library_is_found_there() -> None:
    found = declared(binary("handed-over-O2"))
    assert found.continues_at == "Wrapped_PyInit_demo"
    library = binary("wrapped")
    name = PurePosixPath(library.file).name
    assert declaration_of(library.data, name, "cp314t").declared is Declared.NOT_A_MODULE
    there = continuations_of(library.data, "cp314t", {"demo.so": found.continues_at, "a/b.so": "other"})
    assert {name: each.declared.value for name, each in there.items()} == {
        "demo.so": "not-used",
        "a/b.so": "not-a-module",
    }
    assert continuations_of(b"", "cp314t", {"demo.so": "x"})["demo.so"].declared is Declared.UNKNOWN


def test_a_fat_file_is_what_all_its_architectures_are() -> None:
    def fat(*names: str) -> bytes:
        kinds = {"x64": (0x01000007, 3), "arm64": (0x0100000C, 0)}
        at, head, body = 0x4000, b"", b""
        for name in names:
            data = binary(name).data
            kind, sub = kinds[name.split("-")[1]]
            head += b"".join(value.to_bytes(4, "big") for value in (kind, sub, at + len(body), len(data), 14))
            body += data + bytes(-len(data) % 0x4000)
        return (b"\xca\xfe\xba\xbe" + len(names).to_bytes(4, "big") + head).ljust(at, b"\0") + body

    name = "demo.cpython-314t-darwin.so"
    same = declaration_of(fat("macos-x64-static-1", "macos-arm64-static-1"), name, "cp314t")
    assert same.declared is Declared.NOT_USED
    assert [fact.detail for fact in same.evidence if fact.code is FactCode.SLICE] == [("x86-64",), ("arm64",)]
    other = declaration_of(fat("macos-x64-static-1", "macos-arm64-static-0"), name, "cp314t")
    assert other.declared is Declared.UNKNOWN
    assert FactCode.DISAGREEMENT in codes(other)


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!/bin/sh\n", bytes(500)]
)
def test_what_is_no_binary_is_unknown(data: bytes) -> None:
    found = declaration_of(data, "demo.so", "cp314t")
    assert found.declared is Declared.UNKNOWN
    assert codes(found) <= {FactCode.UNREADABLE, FactCode.UNSUPPORTED}


@pytest.mark.parametrize(
    "each", [binary("static-used-O2"), binary("export-O2-1"), binary("delegated-O2"), binary("handed-over-O2")]
)
def test_a_declaration_survives_json(each: Crafted) -> None:
    found = declared(each)
    assert Declaration.from_json(found.as_json()) == found
