"""One small project, stated in every way there is: each tool writes its own file, all name the same blockers."""

from __future__ import annotations

import json
import os
import shutil
import sys
import sysconfig
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.workshop import Workshop, run

pytestmark = pytest.mark.tools

# These releases have no free-threaded wheels, and will hardly get any.
CORE = ("requests>=2.32", "psycopg[binary]==3.3.9", "numpy>=2")
EXTRA = ("orjson==3.13.0",)
GROUP = ("iniconfig>=2",)
EVERYTHING = (*CORE, *EXTRA, *GROUP)

CORE_BLOCKERS = {"psycopg-binary"}
BLOCKERS = {"psycopg-binary", "orjson"}
TARGET = "cp314t-linux_x86_64"

HERE = sys.version_info[:2]
INSTALLABLE_HERE = HERE < (3, 15) and not sysconfig.get_config_var("Py_GIL_DISABLED")
"""Whether the Python that runs this gets wheels of the releases above."""


def lines(pattern: str, requirements: tuple[str, ...]) -> str:
    """Each requirement in the place of ``%``."""
    return "".join(f"{pattern.replace('%', line)}\n" for line in requirements)


PYPROJECT = f"""\
[project]
name = "sample"
version = "0.1.0"
description = "A small project"
requires-python = ">=3.11"
dependencies = [
{lines('    "%",', CORE)}]

[project.optional-dependencies]
fast = {json.dumps(EXTRA)}

[dependency-groups]
dev = {json.dumps(GROUP)}
"""

# Poetry asks for more than the Simple API otherwise, which mirrors of PyPI do not have.
POETRY = """
[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "simple"
url = "https://pypi.org/simple/"
priority = "primary"
"""

PDM = """
[tool.pdm]
distribution = false
"""

PIPFILE = """\
[[source]]
url = "https://pypi.org/simple"
verify_ssl = true
name = "pypi"

[packages]
requests = ">=2.32"
psycopg = {version = "==3.3.9", extras = ["binary"]}
numpy = ">=2"

[dev-packages]
iniconfig = ">=2"

[fast]
orjson = "==3.13.0"
"""

SETUP_CFG = f"""\
[metadata]
name = sample
version = 0.1.0

[options]
python_requires = >=3.11
install_requires =
{lines("    %", CORE)}
[options.extras_require]
fast =
    {EXTRA[0]}
"""

SCRIPT = f"""\
# /// script
# requires-python = ">=3.11"
# dependencies = [
{lines('#   "%",', EVERYTHING)}# ]
# ///
print("hello")
"""

ENVIRONMENT_YML = f"""\
name: sample
channels:
  - conda-forge
dependencies:
  - python
  - pip
  - pip:
{lines('      - "%"', EVERYTHING)}"""

REQUIREMENTS = lines("%", EVERYTHING)


def write(directory: Path, name: str, *texts: str) -> None:
    (directory / name).write_text("".join(texts), encoding="utf-8")


def uv_lock(shop: Workshop, directory: Path) -> None:
    write(directory, "pyproject.toml", PYPROJECT)
    shop.use("uv", "lock", cwd=directory)


def uv_export(shop: Workshop, directory: Path, *arguments: str) -> None:
    uv_lock(shop, directory)
    shop.use("uv", "export", "--all-extras", "--all-groups", "--no-emit-project", *arguments, cwd=directory)
    (directory / "uv.lock").unlink()
    (directory / "pyproject.toml").unlink()


def uv_export_pylock(shop: Workshop, directory: Path) -> None:
    uv_export(shop, directory, "--format", "pylock.toml", "--output-file", "pylock.toml")


def uv_export_requirements(shop: Workshop, directory: Path) -> None:
    uv_export(shop, directory, "--format", "requirements.txt", "--output-file", "requirements.txt")


def uv_script(shop: Workshop, directory: Path) -> None:
    write(directory, "job.py", SCRIPT)
    shop.use("uv", "lock", "--script", "job.py", cwd=directory)


def poetry_lock(shop: Workshop, directory: Path) -> None:
    write(directory, "pyproject.toml", PYPROJECT, POETRY)
    shop.use("poetry", "lock", "--no-interaction", cwd=directory)


def pdm_lock(shop: Workshop, directory: Path) -> None:
    write(directory, "pyproject.toml", PYPROJECT, PDM)
    shop.use("pdm", "lock", "--group", ":all", cwd=directory)


def pdm_pylock(shop: Workshop, directory: Path) -> None:
    write(directory, "pdm.toml", '[lock]\nformat = "pylock"\n')
    pdm_lock(shop, directory)


def pipfile_lock(shop: Workshop, directory: Path) -> None:
    write(directory, "Pipfile", PIPFILE)
    shop.use("pipenv", "lock", "--categories", "packages dev-packages fast", cwd=directory)


def pip_compile(shop: Workshop, directory: Path, *arguments: str) -> None:
    write(directory, "wanted.in", REQUIREMENTS)
    shop.use("pip-tools", *arguments, "--quiet", "--output-file", "requirements.txt", "wanted.in", cwd=directory)


def pip_compile_hashes(shop: Workshop, directory: Path) -> None:
    pip_compile(shop, directory, "--generate-hashes")


def pip_lock(shop: Workshop, directory: Path) -> None:
    write(directory, "wanted.in", REQUIREMENTS)
    shop.use("pip", "lock", "--quiet", "--requirement", "wanted.in", cwd=directory)


def installed(shop: Workshop, directory: Path) -> None:
    shop.use("uv", "venv", "--quiet", ".venv", cwd=directory)
    shop.use("uv", "pip", "install", "--quiet", "--python", ".venv", *EVERYTHING, cwd=directory)


def by_hand(name: str, text: str) -> Callable[[Workshop, Path], None]:
    return lambda shop, directory: write(directory, name, text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One way to state the project."""

    write: Callable[[Workshop, Path], None]
    chosen: str
    """The file that a check must find by itself, or that has to be named."""
    named: tuple[str, ...] = ()
    """Arguments; none: it is found."""
    has_parts: bool = True
    """Whether the extra is told apart from the core."""
    has_files: bool = False
    """Whether the names of the files are in it, so that no index is needed."""
    this_python: bool = False
    """Whether the tool resolves for the Python that it runs on."""


KINDS = {
    "uv.lock": Kind(write=uv_lock, chosen="uv.lock", has_files=True),
    "uv-pylock": Kind(write=uv_export_pylock, chosen="pylock.toml", has_parts=False, has_files=True),
    "uv-requirements": Kind(write=uv_export_requirements, chosen="requirements.txt", has_parts=False),
    "uv-script": Kind(write=uv_script, chosen="job.py.lock", has_parts=False, has_files=True),
    "poetry.lock": Kind(write=poetry_lock, chosen="poetry.lock", has_files=True),
    "pdm.lock": Kind(write=pdm_lock, chosen="pdm.lock", has_files=True),
    "pdm-pylock": Kind(write=pdm_pylock, chosen="pylock.toml", has_files=True),
    "Pipfile.lock": Kind(write=pipfile_lock, chosen="Pipfile.lock", this_python=True),
    "pip-compile": Kind(write=pip_compile, chosen="requirements.txt", has_parts=False, this_python=True),
    "pip-compile-hashes": Kind(write=pip_compile_hashes, chosen="requirements.txt", has_parts=False, this_python=True),
    "pyproject.toml": Kind(write=by_hand("pyproject.toml", PYPROJECT), chosen="pyproject.toml"),
    "setup.cfg": Kind(write=by_hand("setup.cfg", SETUP_CFG), chosen="setup.cfg"),
    "script": Kind(write=by_hand("job.py", SCRIPT), chosen="job.py", named=("job.py",), has_parts=False),
    "environment.yml": Kind(
        write=by_hand("environment.yml", ENVIRONMENT_YML), chosen="environment.yml", has_parts=False
    ),
    "requirements.txt": Kind(
        write=by_hand("requirements.txt", REQUIREMENTS), chosen="requirements.txt", has_parts=False
    ),
    "requirements.in": Kind(write=by_hand("requirements.in", REQUIREMENTS), chosen="requirements.in", has_parts=False),
    "installed": Kind(
        write=installed, chosen=".venv", named=("--env", ".venv"), has_parts=False, has_files=False, this_python=True
    ),
}

PIP_LOCK = Kind(write=pip_lock, chosen="pylock.toml", has_parts=False, has_files=True, this_python=True)
"""Names the files for one interpreter only; see the test of its own."""


class Projects:
    """The projects in their directories, all being written at the same time."""

    def __init__(self, shop: Workshop, base: Path) -> None:
        self._pool = ThreadPoolExecutor(max_workers=8)
        self._written: dict[str, Future[Path]] = {}
        for name, kind in {**KINDS, "pip-lock": PIP_LOCK}.items():
            if INSTALLABLE_HERE or not kind.this_python:
                self._written[name] = self._pool.submit(self._write, kind, shop, base / name.replace(".", "-"))

    def close(self) -> None:
        self._pool.shutdown()

    def directory(self, name: str) -> Path:
        """Where a project was written; raises what its tool ended in."""
        if name not in self._written:
            pytest.skip(f"psycopg-binary and orjson have no wheels for this Python, {'.'.join(map(str, HERE))}")
        return self._written[name].result()

    def _write(self, kind: Kind, shop: Workshop, directory: Path) -> Path:
        directory.mkdir()
        kind.write(shop, directory)
        return directory


@pytest.fixture(scope="module")
def projects(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Projects]:
    shop = Workshop(tmp_path_factory.mktemp("tools"))
    projects = Projects(shop, tmp_path_factory.mktemp("projects"))
    yield projects
    projects.close()
    shop.close()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: they ask for the same pages."""
    return tmp_path_factory.mktemp("cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a check said."""

    status: int
    stdout: str
    stderr: str

    @property
    def report(self) -> dict[str, list[dict[str, object]]]:
        """The JSON report."""
        found: dict[str, list[dict[str, object]]] = json.loads(self.stdout)
        return found

    @property
    def blockers(self) -> dict[str, tuple[str, int | None]]:
        """Blocked projects, each with the place of its finding."""
        found = {}
        for finding in self.report["findings"]:
            if finding["severity"] == "blocker":
                assert finding["target"] == TARGET
                location = finding["location"]
                assert isinstance(location, dict)
                found[str(finding["distribution"])] = (str(location["path"]), location["line"])
        return found


@pytest.fixture
def check(cache: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """The command, as it is installed, in a directory; what the machine's pip is told counts for no lock here."""
    monkeypatch.setenv("NOGILCHECK_CACHE_DIR", str(cache))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)

    def run_in(directory: Path, *arguments: str) -> Answer:
        done = run(sys.executable, "-m", "nogilcheck", *arguments, check=False, cwd=directory)
        assert "Traceback" not in done.stderr
        return Answer(status=done.returncode, stdout=done.stdout, stderr=done.stderr)

    return run_in


@pytest.mark.parametrize("name", KINDS)
def test_a_bare_check_names_what_blocks_the_core(name: str, projects: Projects, check: Callable[..., Answer]) -> None:
    kind = KINDS[name]
    answer = check(projects.directory(name), *kind.named)
    assert answer.status == 1, answer.stdout + answer.stderr
    assert f"{kind.chosen}: " in answer.stdout or f"{kind.chosen} as " in answer.stdout
    blockers = answer.stdout.partition("Blockers")[2].partition("Installable")[0]
    assert "psycopg-binary 3.3.9" in blockers
    assert ("orjson 3.13.0" in blockers) != kind.has_parts
    if kind.has_parts:
        assert "fast" in answer.stdout, "what is not checked is said"


@pytest.mark.parametrize("name", KINDS)
def test_every_format_names_the_same_blockers_at_their_lines(
    name: str, projects: Projects, check: Callable[..., Answer]
) -> None:
    kind, directory = KINDS[name], projects.directory(name)
    everything = ("--all-extras", "--all-groups") if kind.has_parts else ()
    answer = check(directory, *kind.named, *everything, "--python", "3.14t", "--format", "json")
    assert (answer.status, answer.stderr) == (1, "")
    assert answer.report["gaps"] == []
    assert answer.blockers.keys() == BLOCKERS
    for project, (path, line) in answer.blockers.items():
        assert _speaks_of(directory / path, line, project), f"{path}:{line} says nothing of {project}"


@pytest.mark.parametrize("name", [name for name, kind in KINDS.items() if kind.has_files])
def test_a_lock_that_names_its_files_needs_neither_network_nor_cache(
    name: str, projects: Projects, check: Callable[..., Answer]
) -> None:
    kind, directory = KINDS[name], projects.directory(name)
    arguments = (*kind.named, *(("--all-extras", "--all-groups") if kind.has_parts else ()))
    answer = check(directory, *arguments, "--python", "3.14t", "--format", "json", "--offline", "--no-cache")
    assert (answer.status, answer.stderr) == (1, "")
    assert answer.report["gaps"] == []
    assert answer.blockers.keys() == BLOCKERS


def test_pip_lock_names_the_files_for_one_interpreter(projects: Projects, check: Callable[..., Answer]) -> None:
    """So whatever is compiled is missing: the report says why, and that the index has what the lock lacks."""
    directory = projects.directory("pip-lock")
    answer = check(directory, "--python", "3.14t", "--format", "json")
    assert answer.status == 1
    assert any("pip" in str(note) and "the interpreter that it runs on" in str(note) for note in answer.report["notes"])
    assert answer.blockers.keys() >= BLOCKERS
    more = answer.blockers.keys() - BLOCKERS
    assert more <= {"numpy", "charset-normalizer"}
    assert all("relock" in str(one["advice"]) for one in answer.report["findings"] if one["distribution"] in more)
    told = [str(one["targets"]) for one in answer.report["distributions"] if one["name"] in more]
    assert all("cp314t" in text and "later-upload" in text for text in told)


def test_a_directory_is_named_from_elsewhere(projects: Projects, check: Callable[..., Answer], tmp_path: Path) -> None:
    directory = projects.directory("uv.lock")
    answer = check(tmp_path, f"{directory}/", "--python", "3.14t", "--format", "json")
    assert answer.status == 1
    assert answer.blockers.keys() == CORE_BLOCKERS


def test_all_of_them_together(projects: Projects, check: Callable[..., Answer], tmp_path: Path) -> None:
    """Every lock is a project of its own; what they have in common is said once."""
    for name in ("uv.lock", "poetry.lock", "pdm.lock"):
        shutil.copytree(projects.directory(name), tmp_path / name)
    locks = [f"{name}/{name}" for name in ("uv.lock", "poetry.lock", "pdm.lock")]
    answer = check(tmp_path, *locks, "--all-extras", "--python", "3.14t", "--format", "json")
    assert answer.status == 1
    assert answer.blockers.keys() == BLOCKERS
    assert [found["path"] for found in answer.report["inputs"]] == [str(Path(lock)) for lock in locks]


def _speaks_of(path: Path, line: int | None, project: str) -> bool:
    """Whether a line, or the entry that begins there, is about a project or what brings it in."""
    if path.is_dir() or path.name in {"METADATA", "PKG-INFO"}:
        return project.replace("-", "_") in str(path)
    assert line is not None
    lines = path.read_text(encoding="utf-8").splitlines()[line - 1 : line + 2]
    names = {"orjson": ("orjson",), "psycopg-binary": ("psycopg",)}[project]
    return any(name in text for name in names for text in lines)
