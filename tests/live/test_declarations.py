"""What real wheels declare about the GIL, over many projects and toolchains. Opt in: ``make test-live``.

The table goes to standard output (``pytest -m live -s tests/live/test_declarations.py``), or comes from
``python -m tests.live.test_declarations [WHEEL]...`` for wheels that are there.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.utils import parse_wheel_filename

from nogilcheck.binary import Isolated
from nogilcheck.model.declaration import Declaration, Declared
from nogilcheck.targets.builds import parse_targets
from tests.support.pip_oracle import cross, require_pip

pytestmark = pytest.mark.live

CYTHON = ("pandas", "lxml==6.1.3", "aiohttp", "pyyaml", "scikit-learn", "scipy", "h5py", "websockets", "fonttools")
PYO3 = ("pydantic-core", "cryptography", "bcrypt", "rpds-py", "tokenizers", "safetensors", "jiter", "watchfiles", "nh3")
PYBIND11 = ("matplotlib", "contourpy", "optree", "boost-histogram", "onnx", "osqp", "ml-dtypes")
NANOBIND = ("manifold3d==3.5.4", "jaxlib")
CFFI = ("cffi", "argon2-cffi-bindings", "pynacl", "pycares")
C = (
    "numpy", "pillow", "msgspec", "greenlet", "psutil", "regex", "bitarray", "coverage", "markupsafe", "wrapt",
    "tornado",
    "zope.interface", "multidict", "frozenlist", "propcache", "yarl", "kiwisolver", "apsw", "persistent", "pyodbc",
)  # fmt: skip
MYPYC = ("mypy", "sqlalchemy", "charset-normalizer")
LIBRARIES = ("pyarrow", "shapely", "llvmlite", "numba")

EVERYWHERE = ("numpy", "pandas", "lxml==6.1.3", "manifold3d==3.5.4", "cryptography", "pydantic-core", "msgspec", "cffi",
              "pillow", "greenlet", "optree", "contourpy", "psutil", "pyyaml", "regex", "kiwisolver")  # fmt: skip

GOOD = frozenset({
    "numpy", "pandas", "pillow", "pydantic-core", "cryptography", "msgspec", "aiohttp", "scipy", "pyarrow",
})  # fmt: skip
"""Import them in a free-threaded 3.14: the GIL stays off."""
OFFENDERS = frozenset({"lxml", "manifold3d"})
"""In the versions above: it comes back, with every module of theirs."""

PLATFORMS = ("macos-arm64", "windows-amd64", "windows-arm64", "linux-aarch64")
LEAST_DECIDED = 0.98
MEMBER = re.compile(r"\.(so|pyd|dll|dylib)$|\.so\.[\d.]+$")
TEST_ONLY = re.compile(r"(^|/)(tests?|_tests?)/|(^|/)_?test_|_tests?\.")


@dataclass(slots=True, kw_only=True)
class Row:
    """One wheel."""

    wheel: Path
    found: dict[str, Declaration] = field(default_factory=dict)
    seconds: float = 0.0
    read: int = 0

    @property
    def project(self) -> str:
        return parse_wheel_filename(self.wheel.name)[0]

    def modules(self) -> dict[str, Declaration]:
        return {name: each for name, each in self.found.items() if each.declared is not Declared.NOT_A_MODULE}

    def counts(self) -> Counter[str]:
        return Counter(each.declared.value for each in self.found.values())

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in sorted(self.counts().items()))
        size = f"{self.read / 1e6:.1f} MB"
        return f"{self.wheel.name[:72]:72} {self.seconds:6.2f} s {size:>9}  {counts}"


def judged(wheel: Path, isolated: Isolated) -> Row:
    """Every binary of a wheel; what another library of the wheel answers is asked there."""
    tags = [tag.abi for tag in parse_wheel_filename(wheel.name)[3]]
    python = next((abi for abi in sorted(tags) if abi.endswith("t")), "cp314t")
    row = Row(wheel=wheel)
    started = time.perf_counter()
    with ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if MEMBER.search(name)]
        for name in names:
            data = archive.read(name)
            row.read += len(data)
            row.found[name] = isolated.declaration_of(data, name, python)
        functions = {name: each.continues_at for name, each in row.found.items() if each.continues_at is not None}
        for name in names if functions else ():
            data = archive.read(name)
            if any(function.encode() in data for function in functions.values()) and name not in functions:
                there = isolated.continuations_of(data, python, functions)
                row.found.update((key, each) for key, each in there.items() if each.declared != "not-a-module")
    row.seconds = time.perf_counter() - started
    return row


def downloaded(directory: Path, project: str, python: str, platform: str) -> Path | None:
    """The wheel that pip takes for a target, when there is a free-threaded one."""
    (target,) = parse_targets([python], [platform])
    question = cross(target)
    into = directory / f"{python}-{platform}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    command += ["--python-version", str(question["python"]), "--implementation", "cp", "--abi", str(question["abi"])]
    command += ["--abi", "abi3t"] if target.python >= (3, 15) else []
    platforms = question["platforms"]
    assert isinstance(platforms, list)
    command += [part for tag in platforms for part in ("--platform", tag)]
    before = set(into.glob("*.whl"))
    done = subprocess.run([*command, "--dest", str(into), project], capture_output=True, check=False)
    return next(iter(set(into.glob("*.whl")) - before), None) if done.returncode == 0 else None


def wanted() -> Iterator[tuple[str, str, str]]:
    """Projects, Pythons, platforms."""
    for project in (*CYTHON, *PYO3, *PYBIND11, *NANOBIND, *CFFI, *C, *MYPYC, *LIBRARIES):
        yield project, "3.14t", "linux-x86_64"
    for platform in PLATFORMS:
        for project in EVERYWHERE:
            yield project, "3.14t", platform
    yield "cryptography==50.*", "3.15t", "linux-x86_64"


def decided(declaration: Declaration, backend: Declared | None) -> bool:
    """Whether there is an answer, of the module itself or of cffi on its behalf."""
    if declaration.delegate == "_cffi_backend":
        return backend is not None
    return declaration.declared is not Declared.UNKNOWN


def show(rows: Iterable[Row]) -> tuple[int, int]:
    """Print the table; the modules of all rows, and how many of them are decided."""
    rows = list(rows)
    backends = [each.declared for row in rows for name, each in row.found.items() if "_cffi_backend" in name]
    backend = backends[0] if backends else None
    modules = known = 0
    for row in rows:
        print(row)
        for name, each in row.modules().items():
            modules += 1
            known += decided(each, backend)
            if each.declared is not Declared.NOT_USED:
                said = " ".join(" ".join((fact.code.value, *fact.detail)) for fact in each.evidence[1:])
                print(f"    {name}: {each.declared} ({said})")
    print(f"{len(rows)} wheels, {modules} modules, {known} decided ({known / max(modules, 1):.2%})")
    return modules, known


def test_real_wheels(tmp_path: Path) -> None:
    require_pip()
    rows = []
    with Isolated() as isolated:
        for project, python, platform in wanted():
            wheel = downloaded(tmp_path, project, python, platform)
            if wheel is not None and any(tag.abi.endswith("t") for tag in parse_wheel_filename(wheel.name)[3]):
                rows.append(judged(wheel, isolated))
                wheel.unlink()
    modules, known = show(rows)
    assert len({row.project for row in rows}) >= 40
    assert known >= LEAST_DECIDED * modules
    for row in rows:
        answers = {each.declared for name, each in row.modules().items() if not TEST_ONLY.search(name)}
        if row.project in GOOD:
            assert answers == {Declared.NOT_USED}, row
        if row.project in OFFENDERS:
            assert answers <= {Declared.USED, Declared.NONE}, row


if __name__ == "__main__":
    with Isolated() as one:
        show(judged(Path(name), one) for name in sys.argv[1:])
