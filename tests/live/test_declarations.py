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

PINS = (
    # Cython
    "pandas==3.1.1", "lxml==6.1.3", "aiohttp==3.14.5", "pyyaml==6.0.4", "scikit-learn==1.9.1", "scipy==1.18.1",
    "h5py==3.16.0", "websockets==17.4", "fonttools==4.68.0",
    # PyO3
    "pydantic-core==2.50.5", "cryptography==50.0.2", "bcrypt==5.0.0", "rpds-py==2026.9.1", "tokenizers==0.23.3",
    "safetensors==0.8.0", "jiter==0.19.0", "watchfiles==1.3.0", "nh3==0.3.8",
    # pybind11
    "matplotlib==3.11.2", "contourpy==1.4.0", "optree==0.20.0", "boost-histogram==1.8.1", "onnx==1.23.2",
    "osqp==1.1.3", "ml-dtypes==0.6.0",
    # nanobind
    "manifold3d==3.5.4", "jaxlib==0.12.0.1",
    # cffi
    "cffi==2.1.1", "argon2-cffi-bindings==26.2.0", "pynacl==1.6.2", "pycares==5.2.1",
    # C
    "numpy==2.5.5", "pillow==13.0.0", "msgspec==0.23.0", "greenlet==3.5.6", "psutil==7.2.2", "regex==2026.11.19",
    "bitarray==3.12.3", "coverage==7.17.5", "markupsafe==3.0.4", "wrapt==2.5.2", "tornado==6.6.1",
    "zope.interface==8.7", "multidict==7.2.1", "frozenlist==1.8.0", "propcache==0.5.4", "yarl==1.25.1",
    "kiwisolver==1.5.1", "apsw==3.54.1.0", "persistent==6.9", "pyodbc==5.5.0",
    # mypyc
    "mypy==2.4.1", "sqlalchemy==2.1.9", "charset-normalizer==3.5.3",
    # around C and C++ libraries
    "pyarrow==26.0.1", "shapely==2.2.0", "llvmlite==0.50.0", "numba==0.68.1",
)  # fmt: skip
"""The newest of 2026-11-30, and two that are known to need the GIL: the wheels of a release do not change."""

EVERYWHERE = ("numpy", "pandas", "lxml", "manifold3d", "cryptography", "pydantic-core", "msgspec", "cffi",
              "pillow", "greenlet", "optree", "contourpy", "psutil", "pyyaml", "regex", "kiwisolver")  # fmt: skip
"""Of these, on further platforms too."""

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
    """Pins, Pythons, platforms."""
    for platform in ("linux-x86_64", *PLATFORMS):
        for pin in PINS:
            if platform not in PLATFORMS or pin.partition("==")[0] in EVERYWHERE:
                yield pin, "3.14t", platform
    yield next(pin for pin in PINS if pin.startswith("cryptography==")), "3.15t", "linux-x86_64"


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
