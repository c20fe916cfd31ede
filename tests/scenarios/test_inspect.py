"""``nogilcheck inspect``: wheels, directories and environments on the disk."""

from __future__ import annotations

import json
import tomllib
import zipfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.inputs.installed import wheel_file
from tests.support.archive_bytes import tar_of
from tests.support.asking import joined
from tests.support.command import run
from tests.support.modules import module
from tests.support.wheels import LINUX, SO, install, write_wheel


@pytest.fixture(autouse=True)
def _judging(judging_here: None) -> None:
    """In this process."""


def inspect(*arguments: object) -> tuple[int, dict[str, Any]]:
    outcome = run("inspect", *map(str, arguments), "--format", "json")
    assert outcome.stderr == ""
    return outcome.status, json.loads(outcome.stdout)


def rules(report: Mapping[str, Any]) -> list[str]:
    return [finding["name"] for artifact in report["artifacts"] for finding in artifact["findings"]]


def declared(report: Mapping[str, Any]) -> dict[str, str]:
    return {module["path"]: module["declared"] for one in report["artifacts"] for module in one["modules"]}


def test_a_good_wheel_has_nothing_wrong(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used"}, classifiers=[" :: 2 - Beta"])
    status, report = inspect(wheel)
    assert (status, rules(report)) == (0, [])
    (found,) = report["artifacts"]
    assert (found["name"], found["version"], found["kind"], found["free_threaded"]) == ("demo", "1.0", "wheel", True)
    assert found["claims"] == ["2 - Beta"]
    assert declared(report) == {f"demo/_a.{SO}": "not-used"}
    assert "slot Py_mod_gil (4): not used" in found["modules"][0]["says"]


@pytest.mark.parametrize("says", ["used", "nothing"])
def test_a_module_that_does_not_declare_is_a_blocker(says: Any, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/_a.{SO}": says, f"demo/_b.{SO}": "not-used"})
    status, report = inspect(wheel)
    assert (status, rules(report)) == (1, ["undeclared"])
    assert report["artifacts"][0]["findings"][0]["modules"] == [f"demo/_a.{SO}"]
    outcome = run("inspect", str(wheel))
    assert outcome.status == 1
    assert "blocker NGC301: importing these turns the GIL on" in outcome.stdout
    assert outcome.stdout.count("does not make a module thread-safe") == 1


def test_a_module_for_tests_is_a_remark(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used", f"demo/tests/_b.{SO}": "used"})
    status, report = inspect(wheel)
    assert status == 0
    assert "undeclared-in-tests" in rules(report)


def test_what_cannot_be_told_is_not_known(tmp_path: Path) -> None:
    status, report = inspect(write_wheel(tmp_path, modules={f"demo/_a.{SO}": "damaged"}))
    assert status == 3
    assert "declaration-unknown" in rules(report)


def test_an_ordinary_wheel_may_declare_what_it_likes(tmp_path: Path) -> None:
    wheel = write_wheel(
        tmp_path, f"cp314-cp314-{LINUX}", modules={"demo/_a.cpython-314-x86_64-linux-gnu.so": "nothing"}
    )
    assert inspect(wheel)[0] == 0


COMPANIONS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "none tag": ({"tags": f"py3-none-{LINUX}", "modules": {"demo/_a.so": "not-used"}}, ["none-tag"]),
    "none-any tag": ({"tags": "py3-none-any", "modules": {f"demo/_a.{SO}": "not-used"}}, ["none-tag"]),
    "none tag and a library": ({"tags": f"py3-none-{LINUX}", "modules": {"demo/libdemo.so": "no-hook"}}, []),
    "suffix of the ordinary build": (
        {"modules": {f"demo/_a.{SO}": "not-used", "demo/_b.cpython-314-x86_64-linux-gnu.so": "not-used"},
         "classifiers": [""]},
        ["unloadable-suffix"],
    ),
    "suffix of another platform": (
        {"modules": {"demo/_b.cpython-314t-darwin.so": "not-used"}, "classifiers": [""]},
        ["unloadable-suffix"],
    ),
    "suffix of one version, tag of every one": (
        {"tags": f"cp315-abi3t-{LINUX}", "modules": {"demo/_b.cpython-315t-x86_64-linux-gnu.so": "no-hook"}},
        ["unloadable-suffix"],
    ),
    "tags differ": (
        {"modules": {f"demo/_a.{SO}": "not-used"}, "stated": [f"cp314-cp314-{LINUX}"], "classifiers": [""]},
        ["tags-differ"],
    ),
    "impossible tag": ({"tags": f"cp315t-abi3t-{LINUX}", "modules": {}}, ["impossible-tag"]),
    "abi3t and a PyModuleDef": (
        {"tags": f"cp315-abi3t-{LINUX}", "modules": {"demo/_a.abi3t.so": "not-used"}, "classifiers": [""]},
        ["abi3t-contents"],
    ),
    "claims what it does not keep": (
        {"modules": {f"demo/_a.{SO}": "used"}, "classifiers": [" :: 3 - Stable"]},
        ["undeclared", "classifier"],
    ),
    "claims no more than it keeps": (
        {"modules": {f"demo/_a.{SO}": "used"}, "classifiers": [" :: 1 - Unstable"]},
        ["undeclared"],
    ),
    "says nothing of what it ships": ({"modules": {f"demo/_a.{SO}": "not-used"}}, ["classifier"]),
    "claims and ships only for the ordinary build": (
        {"tags": f"cp314-cp314-{LINUX}", "modules": {"demo/_a.cpython-314-x86_64-linux-gnu.so": "nothing"},
         "classifiers": [" :: 2 - Beta"]},
        ["classifier"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("wheel", "expected"), COMPANIONS.values(), ids=COMPANIONS)
def test_companion_checks(wheel: dict[str, Any], expected: list[str], tmp_path: Path) -> None:
    status, report = inspect(write_wheel(tmp_path, **wheel))
    found = [name for name in rules(report) if name != "declaration-unknown"]
    assert found == expected
    severities = {finding["severity"] for one in report["artifacts"] for finding in one["findings"]}
    assert (status == 1) == ("blocker" in severities)


def test_an_impossible_tag_has_its_own_sentence(tmp_path: Path) -> None:
    outcome = run("inspect", str(write_wheel(tmp_path, f"cp315t-abi3t-{LINUX}")))
    assert outcome.status == 1
    assert "the t belongs to the ABI alone, so tag it cp315-abi3t" in joined(outcome.stdout)


def test_the_wheels_of_a_release_are_looked_at_together(tmp_path: Path) -> None:
    ordinary = {"demo/_a.cpython-314-x86_64-linux-gnu.so": "nothing"}
    write_wheel(tmp_path, f"cp314-cp314-{LINUX}", modules=ordinary, classifiers=[" :: 2 - Beta"])  # type: ignore[arg-type]
    write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used"}, classifiers=[" :: 2 - Beta"])
    (tmp_path / "demo-1.0.tar.gz").write_bytes(b"")
    status, report = inspect(tmp_path)
    assert (status, rules(report), len(report["artifacts"])) == (0, [], 2)
    assert "demo-1.0.tar.gz" in report["notes"][0]


def test_the_source_in_an_sdist_is_evidence_and_no_verdict(tmp_path: Path) -> None:
    sdist = tmp_path / "demo-1.0.tar.gz"
    sdist.write_bytes(tar_of({"a.c": b"PyMODINIT_FUNC PyInit_a(void)\n"}))
    status, report = inspect(sdist)
    (found,) = report["sources"]
    assert (status, [reading["python"] for reading in found["readings"]]) == (3, ["3.14", "3.15"])
    assert {reading["word"] for reading in found["readings"]} == {"turns-gil-on"}
    assert "turns the GIL on" in run("inspect", str(sdist)).stdout
    assert "a.c:1" in run("inspect", str(sdist)).stdout
    write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used"}, classifiers=[" :: 2 - Beta"])
    status, report = inspect(tmp_path)
    assert (status, len(report["sources"]), len(report["artifacts"])) == (0, 1, 1)
    sdist.write_bytes(b"")
    assert inspect(sdist)[0] == 2


def test_delegated_modules_need_to_be_seen_with_what_makes_them(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path / "dist", modules={f"_a.{SO}": "delegated"}, classifiers=[""])
    assert inspect(wheel)[0] == 3
    for says, status in (("not-used", 0), ("nothing", 1)):
        cffi = write_wheel(tmp_path / says, modules={f"_cffi_backend.{SO}": says}, name="cffi", classifiers=[""])  # type: ignore[dict-item]
        found, report = inspect(wheel, cffi)
        assert found == status
        assert rules(report) == ["undeclared"] * 2 * status
        assert set(declared(report).values()) == {"none" if status else "not-used"}
        said = "without a declaration" if status else "run without the GIL"
        headline = run("inspect", str(wheel), str(cffi)).stdout.splitlines()[0]
        assert headline.endswith(f"2 wheels, 2 extension modules (2 {said})")


def test_the_headline_counts_modules_and_libraries_apart(tmp_path: Path) -> None:
    wheel = write_wheel(
        tmp_path, modules={f"_a.{SO}": "not-used", f"_b.{SO}": "used", f"_c.{SO}": "not-used", "x.so": "no-hook"}
    )
    headline = run("inspect", str(wheel)).stdout.splitlines()[0]
    assert headline.endswith('1 wheel, 3 extension modules (2 run without the GIL, 1 declares "used"), 1 plain library')


def test_of_a_wheel_without_modules_nothing_is_declared(tmp_path: Path) -> None:
    outcome = run("inspect", str(write_wheel(tmp_path, "py3-none-any")))
    assert outcome.status == 0
    assert outcome.stdout.splitlines()[0].endswith("1 wheel, no extension module")
    assert "thread-safe" not in outcome.stdout


# Environments and directories


def environment(base: Path, python: str = "3.14t") -> Path:
    site_packages = base / "lib" / f"python{python}" / "site-packages"
    site_packages.mkdir(parents=True)
    (base / "pyvenv.cfg").write_text("home = /usr/bin\nversion = 3.14.0\n", encoding="utf-8")
    return site_packages


@pytest.mark.parametrize("as_option", [True, False])
def test_an_environment_is_looked_into_distribution_by_distribution(as_option: bool, tmp_path: Path) -> None:
    site_packages = environment(tmp_path / "venv")
    install(write_wheel(tmp_path, modules={f"demo/_a.{SO}": "used"}), site_packages)
    good = write_wheel(tmp_path, modules={f"other/_a.{SO}": "not-used"}, name="other", version="2.0")
    install(good, site_packages)
    install(write_wheel(tmp_path, "py3-none-any", name="pure"), site_packages)
    (site_packages / f"_nobodys.{SO}").write_bytes(module("_nobodys", "nothing"))
    status, report = inspect(*(["--env"] if as_option else []), tmp_path / "venv")
    assert status == 1
    assert [(one["name"], one["version"], [f["name"] for f in one["findings"]]) for one in report["artifacts"]] == [
        ("demo", "1.0", ["undeclared"]),
        ("other", "2.0", []),
        (None, None, ["undeclared"]),
    ]


def test_files_for_other_interpreters_count_for_nothing_in_an_environment(tmp_path: Path) -> None:
    """As in debugpy 1.8.22, whose wheel for every platform brings modules for Windows along."""
    site_packages = environment(tmp_path / "venv")
    modules: dict[str, Any] = {f"demo/_a.{SO}": "not-used", "demo/_b.cp39-win_amd64.pyd": "nothing"}
    install(write_wheel(tmp_path, modules=modules, classifiers=[""]), site_packages)
    status, report = inspect(tmp_path / "venv")
    assert (status, rules(report)) == (0, [])
    headline = run("inspect", str(tmp_path / "venv")).stdout.splitlines()[0]
    assert headline.endswith("1 distribution, 1 extension module (1 runs without the GIL), 1 for other builds")


def test_an_environment_of_the_ordinary_build_has_a_gil_in_any_case(tmp_path: Path) -> None:
    site_packages = environment(tmp_path / "venv", "3.14")
    modules = {"demo/_a.cpython-314-x86_64-linux-gnu.so": "nothing"}
    install(write_wheel(tmp_path, f"cp314-cp314-{LINUX}", modules=modules), site_packages)  # type: ignore[arg-type]
    status, report = inspect(tmp_path / "venv")
    assert (status, [one["free_threaded"] for one in report["artifacts"]]) == (0, [False])


def test_a_record_leads_nowhere_else(tmp_path: Path) -> None:
    site_packages = environment(tmp_path / "venv")
    (tmp_path / f"_secret.{SO}").write_bytes(module("_secret", "used"))
    install(write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used"}), site_packages)
    record = site_packages / "demo-1.0.dist-info" / "RECORD"
    record.write_text(f"../../../../_secret.{SO},,\n/etc/passwd.so,,\ndemo/_a.{SO},,\n", encoding="utf-8")
    status, report = inspect(tmp_path / "venv")
    assert (status, list(declared(report))) == (0, [f"demo/_a.{SO}"])


def test_files_and_directories_are_looked_into(tmp_path: Path) -> None:
    (tmp_path / "build" / "demo").mkdir(parents=True)
    file = tmp_path / "build" / "demo" / f"_a.{SO}"
    file.write_bytes(module("_a", "used"))
    (file.parent / "_b.cpython-314-x86_64-linux-gnu.so").write_bytes(module("_b", "nothing"))
    assert declared(inspect(file)[1]) == {f"_a.{SO}": "used"}
    status, report = inspect(tmp_path / "build")
    assert (status, rules(report)) == (1, ["undeclared"])
    assert report["artifacts"][0]["findings"][0]["modules"] == [f"demo/_a.{SO}"], (
        "an ordinary build needs no declaration"
    )


# What cannot be looked into


def _forged(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[f"demo/_a.{SO}"] = module("_a", "not-used", padding=1)
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def _with(name: str, data: bytes, compression: int = zipfile.ZIP_DEFLATED) -> Any:
    def change(wheel: Path) -> None:
        with zipfile.ZipFile(wheel, "a") as archive:
            archive.writestr(name, data, compression)

    return change


def _without_record(wheel: Path) -> None:
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("demo/__init__.py", b"")


UNUSABLE: dict[str, tuple[Any, str]] = {
    "contents are not those of RECORD": (_forged, "invalid wheel: "),
    "a file that RECORD does not have": (_with("demo/more.py", b""), "invalid wheel: "),
    "a member outside": (_with("../evil.py", b""), "outside its directory: ../evil.py"),
    "the same name twice": (_with(f"demo/_a.{SO}", b""), "two members of the same name"),
    "packed otherwise": (_with("demo/more.py", b"", zipfile.ZIP_LZMA), "uses a compression"),
    "no RECORD": (_without_record, "invalid wheel: "),
    "no archive": (lambda wheel: wheel.write_bytes(b"nothing"), "not a readable zip archive"),
    "truncated": (lambda wheel: wheel.write_bytes(wheel.read_bytes()[:-100]), "not a readable zip archive"),
    "missing": (lambda wheel: wheel.unlink(), "there is no such file"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("change", "why"), UNUSABLE.values(), ids=UNUSABLE)
def test_what_cannot_be_looked_into_is_unusable(change: Any, why: str, tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/_a.{SO}": "used"})
    change(wheel)
    status, report = inspect(wheel)
    assert status == 2
    assert why in report["unusable"][0]["text"]
    assert "Not inspected" in run("inspect", str(wheel)).stdout


@pytest.mark.parametrize("name", ["", "demo-1.0.tar.gz", "demo.pyi"])
def test_a_directory_with_nothing_to_look_at_passes_no_gate(name: str, tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    if name:
        (dist / name).write_bytes(b"")
    status, report = inspect(dist)
    assert status == 2
    assert report["unusable"][0]["text"] == "it contains no wheel, extension module or Python source"


def test_what_is_unusable_hides_nothing_else(tmp_path: Path) -> None:
    bad = write_wheel(tmp_path, modules={f"demo/_a.{SO}": "used"})
    (tmp_path / f"broken-1.0-cp314-cp314t-{LINUX}.whl").write_bytes(b"")
    status, report = inspect(tmp_path)
    assert (status, rules(report), [one["path"] for one in report["artifacts"]]) == (2, ["undeclared"], [str(bad)])


@pytest.mark.parametrize("bound", ["MAX_MEMBERS", "MAX_UNPACKED", "MAX_MODULE", "MAX_TEXT", "MAX_DIRECTORY"])
def test_bounds_hold(bound: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/_a.{SO}": "not-used"})
    monkeypatch.setattr(wheel_file, bound, 2)
    assert inspect(wheel)[0] == 2


def test_a_file_name_that_is_none_of_a_wheel(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path)
    other = wheel.rename(tmp_path / "demo.whl")
    assert inspect(other)[0] == 2
    (tmp_path / "notes.txt").write_text("", encoding="utf-8")
    assert inspect(tmp_path / "notes.txt")[0] == 2
    assert run("inspect").status == 2


def test_names_of_strangers_are_made_visible(tmp_path: Path) -> None:
    wheel = write_wheel(tmp_path, modules={f"demo/\x1b[31m/_a.{SO}": "used"})
    outcome = run("inspect", str(wheel))
    assert outcome.status == 1
    assert "\x1b" not in outcome.stdout
    assert "\\x1b[31m" in outcome.stdout


# Binaries that compilers have made

BINARIES = Path(__file__).parents[2] / "fixtures" / "binaries"


def compiled(directory: str) -> tuple[str, bytes]:
    """The file in a directory of the corpus: its name and content."""
    (found,) = (path for path in (BINARIES / "built" / directory).iterdir() if path.suffix in {".so", ".pyd"})
    return found.name, found.read_bytes()


def test_the_corpus_is_judged_through_the_command_line_as_it_is_described(tmp_path: Path) -> None:
    corpus = tomllib.loads((BINARIES / "corpus.toml").read_text(encoding="utf-8"))["binary"]
    has_extra = all(find_spec(name) for name in ("capstone", "lief"))
    expected = {one["file"]: one["declared" if has_extra else "without"] for one in corpus}
    _, report = inspect(BINARIES / "built")
    (artifact,) = report["artifacts"]
    abis = {one["file"]: one["python"] for one in corpus}
    found = {one["path"]: one["declared"] for one in artifact["modules"] if one["abi"] == abis.get(one["path"])}
    assert len(found) > 50
    # What hands over to a library finds it beside it.
    beside = {path: "not-used" for path in found if path.startswith("handed-over-")} if has_extra else {}
    right = {path: expected[path] for path in found} | beside
    assert found == right, [one for one in artifact["modules"] if found.get(one["path"]) != right.get(one["path"])]


@pytest.mark.parametrize(("directory", "status"), [("export-O0-1", 0), ("export-nested-used", 1)])
def test_a_wheel_for_the_stable_abi(directory: str, status: int, tmp_path: Path) -> None:
    name, data = compiled(directory)
    wheel = write_wheel(tmp_path, f"cp315-abi3t-{LINUX}", files={f"demo/{name}": data}, classifiers=[" :: 2 - Beta"])
    found, report = inspect(wheel)
    assert found == status
    assert [name for name in rules(report) if name != "classifier"] == ["undeclared"] * status
    outcome = run(
        "check", "demo", "--scan", "--no-index", "--find-links", str(tmp_path), "--python", "3.15t", "--no-cache"
    )
    assert outcome.status == status
    assert ("turns the GIL on" in outcome.stdout) == bool(status)


@pytest.mark.parametrize(("python", "status"), [("cp313", 1), ("cp315", 0)])
def test_older_interpreters_that_install_the_wheel_call_the_older_hook(
    python: str, status: int, tmp_path: Path
) -> None:
    """``both-315`` declares "not used" in `PyModExport_`, and "used" in `PyInit_`, which is all that 3.14t calls."""
    name, data = compiled("both-315")
    wheel = write_wheel(tmp_path, f"{python}-abi3t-{LINUX}", files={f"demo/{name}": data}, classifiers=[""])
    found, report = inspect(wheel)
    assert found == status
    assert declared(report) == {f"demo/{name}": "used" if status else "not-used"}
    says = report["artifacts"][0]["modules"][0]["says"]
    assert ("for cp314t; exports PyInit_demo" in says) == bool(status)


@pytest.mark.parametrize(
    ("python", "symbol", "fits"),
    [
        ("cp315", "PyModule_AddIntConstant", True),
        ("cp315", "PyLong_GetNativeLayout", True),
        ("cp314", "PyLong_GetNativeLayout", False),  # which the stable ABI has since 3.15
        ("cp315", "PyUnstable_Object_IsX", False),
        ("cp399", "PyUnstable_Object_IsX", True),  # of a stable ABI to come nothing is known
    ],
)
def test_symbols_that_the_stable_abi_of_the_tags_does_not_have(
    python: str, symbol: str, fits: bool, tmp_path: Path
) -> None:
    name, data = compiled("export-O0-1")
    used = b"PyModule_AddIntConstant\0"
    data = data.replace(used, symbol.encode().ljust(len(used), b"\0"))
    wheel = write_wheel(tmp_path, f"{python}-abi3t-{LINUX}", files={f"demo/{name}": data}, classifiers=[""])
    _, report = inspect(wheel)
    texts = [found["text"] for found in report["artifacts"][0]["findings"] if found["name"] == "abi3t-contents"]
    minor = python.removeprefix("cp3")
    assert texts == ([] if fits else [f"it uses {symbol}, which the stable ABI of Python 3.{minor} does not have"])


@pytest.mark.parametrize(
    ("directory", "expected"),
    [
        ("export-O0-1", []),
        ("export-nested", ["abi3t-contents"]),
        ("both-315", []),  # what the older hook imports is no fault of the other
    ],
)
def test_a_wheel_for_both_stable_abis_has_to_say_so(directory: str, expected: list[str], tmp_path: Path) -> None:
    name, data = compiled(directory)
    wheel = write_wheel(tmp_path, f"cp315-abi3.abi3t-{LINUX}", files={f"demo/{name}": data}, classifiers=[""])
    status, report = inspect(wheel)
    assert (status, rules(report)) == (len(expected), expected)
    if expected:
        text = report["artifacts"][0]["findings"][0]["text"]
        assert text == "its Py_mod_abi slot says stable+free-threaded, but the tags say stable+GIL+free-threaded"
