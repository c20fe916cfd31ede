"""What a scan makes of a verdict."""

from __future__ import annotations

import itertools

import pytest

from nogilcheck.classify.scanned import with_scan
from nogilcheck.model.artifact import Missing, MissingKind
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode
from nogilcheck.model.scan import ModuleScan, WheelScan, decode_scan, encode_scan
from nogilcheck.model.verdict import Cause, ReasonCode, RegularBuildGets, Severity, Status, Verdict

READY = Verdict(
    status=Status.FREE_THREADED, severity=Severity.READY, twin=RegularBuildGets.WHEEL, wheel="a-1-cp314-cp314t-x.whl"
)
MISSING = Missing(kind=MissingKind.UNREACHABLE, text="gone")


def module(name: str, declared: Declared | None, *, delegate: str | None = None) -> ModuleScan:
    declaration = None if declared is None else Declaration(declared=declared, delegate=delegate)
    return ModuleScan(path=f"{name}.so", declaration=declaration)


def scanned(*modules: ModuleScan, missing: Missing | None = None, unloadable: tuple[str, ...] = ()) -> Verdict:
    return with_scan(READY, WheelScan(modules=modules, missing=missing, unloadable=unloadable), {})


@pytest.mark.parametrize("declared", list(itertools.product([*Declared, None], repeat=2)))
@pytest.mark.parametrize("missing", [None, MISSING])
def test_nothing_passes_that_is_not_known_to_run_without_the_gil(
    declared: tuple[Declared | None, Declared | None], missing: Missing | None
) -> None:
    unread = None in declared
    if unread and missing is None and not {Declared.USED, Declared.NONE} & set(declared):
        pytest.skip("what was not read is missing, or something else has decided")
    found = scanned(*(module(f"m{number}", one) for number, one in enumerate(declared)), missing=missing)
    if {Declared.USED, Declared.NONE} & set(declared):
        assert (found.status, found.severity, found.cause) == (
            Status.GIL_ENABLED,
            Severity.BLOCKER,
            Cause.FREE_THREADING,
        )
        assert found.extensions
    elif missing or Declared.UNKNOWN in declared:
        assert (found.status, found.severity) == (Status.UNKNOWN, Severity.GAP)
        assert not found.extensions
    else:
        assert found == READY


@pytest.mark.parametrize("declared", [Declared.USED, Declared.NONE, Declared.UNKNOWN])
def test_what_only_tests_import_does_not_condemn(declared: Declared) -> None:
    found = scanned(module("a/tests/x", declared), module("a/x", Declared.NOT_USED))
    assert found.status is Status.FREE_THREADED
    codes = [reason.code for reason in found.reasons]
    assert codes == ([] if declared is Declared.UNKNOWN else [ReasonCode.TEST_MODULES_GIL])


@pytest.mark.parametrize(
    ("backend", "status"),
    [
        (None, Status.UNKNOWN),
        (Declared.UNKNOWN, Status.UNKNOWN),
        (Declared.NOT_A_MODULE, Status.UNKNOWN),
        (Declared.NOT_USED, Status.FREE_THREADED),
        (Declared.USED, Status.GIL_ENABLED),
        (Declared.NONE, Status.GIL_ENABLED),
    ],
)
def test_delegated_modules_get_the_answer_of_what_makes_them(backend: Declared | None, status: Status) -> None:
    scan = WheelScan(modules=(module("x", Declared.UNKNOWN, delegate="_cffi_backend"),))
    delegates = {"_cffi_backend": None if backend is None else Declaration(declared=backend)}
    assert with_scan(READY, scan, delegates).status is status


def test_only_files_for_others_are_a_gap() -> None:
    found = scanned(unloadable=("a/x.cpython-314-darwin.so",))
    assert found.status is Status.UNKNOWN
    assert found.reasons[0].detail == ("x.cpython-314-darwin.so",)
    assert scanned(module("a/y", Declared.NOT_USED), unloadable=("a/x.pyd",)).status is Status.FREE_THREADED
    assert scanned() == READY


@pytest.mark.parametrize(
    ("declaration", "said"),
    [
        (Declaration(declared=Declared.UNKNOWN, missing_extra="scan"), "the extra `scan`"),
        (Declaration(declared=Declared.UNKNOWN, delegate="_cffi_backend"), "_cffi_backend makes them"),
        (Declaration(declared=Declared.UNKNOWN, evidence=(Fact(code=FactCode.FAILED, detail=("x",)),)), "cut off"),
        (
            Declaration(
                declared=Declared.UNKNOWN,
                evidence=(Fact(code=FactCode.DECIDED_BY, detail=("mpfr_buildopt_tls_p", "used", "not-used")),),
            ),
            "depends on what mpfr_buildopt_tls_p, a function of another library, returns",
        ),
        (Declaration(declared=Declared.UNKNOWN), "do not tell"),
    ],
)
def test_why_it_is_not_known(declaration: Declaration, said: str) -> None:
    found = scanned(ModuleScan(path="x.so", declaration=declaration))
    assert said in found.reasons[-1].detail[-1]


# Records


def test_a_scan_comes_back_from_the_cache_as_it_was() -> None:
    evidence = (Fact(code=FactCode.SLOT, detail=("4", "1")),)
    scan = WheelScan(
        modules=(
            ModuleScan(path="a/é.so", declaration=Declaration(declared=Declared.NOT_USED, evidence=evidence)),
            module("b", None),
        ),
        unloadable=("c.pyd",),
    )
    assert decode_scan(encode_scan(scan)) == scan


def test_what_was_cut_off_is_not_kept() -> None:
    failed = Declaration(declared=Declared.UNKNOWN, evidence=(Fact(code=FactCode.FAILED, detail=("time",)),))
    kept = decode_scan(encode_scan(WheelScan(modules=(ModuleScan(path="a.so", declaration=failed),))))
    assert kept == WheelScan(modules=(ModuleScan(path="a.so"),))


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"{}", b'{"modules": 1, "unloadable": []}', b'{"modules": [["a"]], "unloadable": []}',
     b'{"modules": [["a", {"declared": "perhaps"}]], "unloadable": []}', b"[" * 100_000],
)  # fmt: skip
def test_anything_else_is_no_record(data: bytes) -> None:
    assert decode_scan(data) is None
