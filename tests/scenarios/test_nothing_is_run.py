"""No code of the projects that are looked at is ever run, whatever the program is asked to do.

Everything that could be run leaves a file in the home directory: modules, setup scripts, build backends, ``.pth``
files, and commands of the same names as those that a tool of this kind might call.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nogilcheck.cli import command_words
from tests.support.archive_bytes import tar_of, zip_of
from tests.support.reports import AIRFLOW
from tests.world import CANARY, Index, archive, parse, serve, sha256, write_links_dir

CODE = f'from pathlib import Path; Path.home().joinpath("{CANARY}").write_text("by hand")\n'.encode()
MODULES = ("setup", "conftest", "sitecustomize", "usercustomize", "backend", "httpx", "httpx2", "rich", "packaging",
           "resolvelib", "typer", "certifi", "tomllib", "sqlite3", "hostile",
           "hostile/__init__", "noxfile")  # fmt: skip
FILES = {**{f"{name}.py": CODE for name in MODULES}, "evil.pth": b"import hostile\n", "evil-nspkg.pth": CODE}
COMMANDS = ("python", "python3", "pip", "uv", "poetry", "git", "hg", "keyring", "conda", "sh", "uname", "ldd")

PROJECT = b"""
[build-system]
requires = ["setuptools", "hostile-build"]
build-backend = "backend"
backend-path = ["."]
[project]
name = "demo"
dynamic = ["version", "dependencies"]
[project.optional-dependencies]
more = ["speed"]
[tool.setuptools.dynamic]
version = { attr = "hostile.VERSION" }
dependencies = { file = ["requirements.in"] }
"""
CORE = b"Metadata-Version: 2.1\nName: %b\nVersion: 1.0\nRequires-Dist: pure\n\n"

WORLD = parse("""
[projects.pure]
"1.0" = {}
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"], requires = ["pure", "scripted"] }
[projects.scripted]
"1.0" = { wheels = [], requires = ["pure"], sdist = { native = ["c"], dynamic = true } }
[projects.backed]
"1.0" = { wheels = [], requires = ["pure"], sdist = { backend = "backend", dynamic = true, pkg-info = false } }
[projects.odd]
"1.0" = { wheels = ["cp314-none-manylinux_2_28_x86_64"], members = ["odd/fast.so"] }
""")
ALL = ("pure", "speed", "scripted", "backed", "odd")


def write(directory: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return directory


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project directory in which everything is a trap."""
    requirements = {"requirements.in": b"pure\nscripted\n", "demo.egg-info/PKG-INFO": CORE % b"demo"}
    return write(tmp_path / "project", {**FILES, **requirements, "pyproject.toml": PROJECT})


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """An installed environment, likewise."""
    root = tmp_path / "environment"
    write(root / "lib" / "python3.14" / "site-packages", {
        **FILES,
        "hostile-1.0.dist-info/METADATA": CORE % b"hostile",
        "hostile-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nTag: py3-none-any\n",
        "hostile-1.0.dist-info/entry_points.txt": b"[console_scripts]\nhostile = hostile:main\n",
        "hostile-1.0.dist-info/__init__.py": CODE,
        "pure-1.0.dist-info/METADATA": b"Metadata-Version: 2.1\nName: pure\nVersion: 1.0\n",
        "linked-1.0.egg-info/PKG-INFO": CORE % b"linked",
    })  # fmt: skip
    (root / "pyvenv.cfg").write_text("home = /nowhere\ninclude-system-site-packages = false\nversion = 3.14.0\n")
    _commands(root / "bin")
    return root


@pytest.fixture
def links(tmp_path: Path) -> Path:
    """A directory of archives, among them a wheel and an sdist of which every file is a trap."""
    directory = write_links_dir(WORLD, tmp_path / "links")
    wheel = {**FILES, "hostile-1.0.dist-info/METADATA": CORE % b"hostile", "hostile-1.0.dist-info/__init__.py": CODE}
    sdist = {**FILES, "PKG-INFO": CORE % b"hostile-source", "pyproject.toml": PROJECT}
    bare = {name: content for name, content in FILES.items() if name != "backend.py"}
    return write(directory, {
        "hostile-1.0-py3-none-any.whl": zip_of(wheel),
        "hostile_source-1.0.tar.gz": tar_of(sdist, root="hostile_source-1.0/"),
        "hostile_bare-1.0.zip": zip_of({f"hostile_bare-1.0/{name}": content for name, content in bare.items()}),
    })  # fmt: skip


@pytest.fixture
def index() -> Iterator[Index]:
    with serve(WORLD) as running:
        yield running


def _commands(directory: Path) -> Path:
    """Commands that leave the mark when they are called."""
    directory.mkdir()
    for name in COMMANDS:
        path = directory / name
        path.write_text(f'#!/bin/sh\necho "{name}" >"$HOME/{CANARY}"\n')
        path.chmod(0o755)
    return directory


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    return _commands(tmp_path / "commands")


@pytest.mark.parametrize("how", [["setup.py"], ["backend.py"], ["-c", "import httpx"], ["-c", "import hostile"]])
def test_the_traps_work(project: Path, home: Path, how: list[str]) -> None:
    subprocess.run([sys.executable, *how], cwd=project, check=True, timeout=60)
    assert (home / CANARY).exists()
    (home / CANARY).unlink()


@pytest.mark.skipif(os.name == "nt", reason="the commands are shell scripts")
def test_the_traps_among_the_commands_work(commands: Path, home: Path) -> None:
    subprocess.run([commands / "git"], check=True, timeout=60)
    assert (home / CANARY).exists()
    (home / CANARY).unlink()


LOCK = """lock-version = "1.0"
created-by = "hand"
[[packages]]
name = "scripted"
version = "1.0"
[packages.sdist]
name = "scripted-1.0.tar.gz"
url = "{url}"
hashes = {{ sha256 = "{sha256}" }}
"""
UV_LOCK = """version = 1
requires-python = ">=3.14"
[[package]]
name = "demo"
version = "0"
source = {{ editable = "." }}
dependencies = [{{ name = "backed" }}]
[[package]]
name = "backed"
version = "1.0"
source = {{ registry = "{index}" }}
sdist = {{ url = "{url}", hash = "sha256:{sha256}" }}
"""
MODES = {
    "names": [*ALL],
    "names of one platform": [*ALL, "--platform", "host", "--python", "host"],
    "file": ["r.txt"],
    "this directory": [],
    "a directory": ["."],
    "pyproject": ["pyproject.toml", "--all-extras"],
    "script": ["script.py", "--input-format", "script"],
    "editable": ["-r", "editable.txt"],
    "path": ["./"],
    "archives": ["-r", "archives.txt"],
    "find-links": ["hostile", "hostile-source", "hostile-bare", *ALL, "--no-index", "--find-links", "{links}"],
    "sdists only": ["hostile-source", "hostile-bare", "--no-binary", ":all:", "--find-links", "{links}"],
    "version control": ["-r", "vcs.txt"],
    "environment": ["--env", "{environment}"],
    "the active environment": ["--env", "current"],
    "lock": ["pylock.toml"],
    "lock of uv": ["uv.lock"],
    "json": [*ALL, "--format", "json"],
    "scan": [*ALL, "--scan"],
    "survey": ["survey", ".", "--jobs", "1"],
    "evidence": ["evidence", "check", "evidence.toml"],
    "why": ["why", "scripted", "r.txt"],
    "plan": ["plan", "r.txt"],
    "inspect": ["inspect", "{links}"],
    "inspect environment": ["inspect", "--env", "{environment}"],
    "diff": ["diff", "report.json", "report.json"],
    "report": ["report", "report.json", "--format", "markdown"],
    "minimum": ["minimum", "r.txt"],
    "explain": ["explain"],
    "config": ["config", "show"],
    "cache dir": ["cache", "dir"],
    "cache info": ["cache", "info"],
    "cache clear": ["cache", "clear"],
    "version": ["--version"],
    "help": ["check", "--help"],
}


WITHOUT_INDEX = {"cache", "--version", "--help", "--no-index", "inspect", "diff", "report", "explain", "config"}

MET = {
    **dict.fromkeys(("names", "names of one platform", "file", "this directory", "a directory", "pyproject", "script",
                     "editable", "path", "lock", "json", "scan", "why", "plan"), "scripted"),
    **dict.fromkeys(("archives", "find-links", "sdists only"), "hostile-source"),
    **dict.fromkeys(("environment", "the active environment", "inspect"), "hostile"),
    "version control": "git+file:///",
    "lock of uv": "backed",
}  # fmt: skip
"""What the report must name."""


@pytest.mark.skipif(os.name == "nt", reason="the commands are shell scripts")
@pytest.mark.parametrize("mode", list(MODES))
def test_nothing_is_run(
    mode: str, project: Path, environment: Path, links: Path, commands: Path, index: Index, home: Path
) -> None:
    """The `home` fixture looks for the mark as well, at the end of every test of this suite."""
    scripted, backed = (WORLD.file(f"{name}-1.0.tar.gz") for name in ("scripted", "backed"))
    urls = [index.url_of(each.filename) for each in (scripted, backed)]
    texts = {
        "r.txt": "\n".join(ALL),
        "editable.txt": "-e .\n-e .[more]\n",
        "archives.txt": "\n".join(f"{path}" for path in sorted(links.iterdir())),
        "vcs.txt": "demo @ git+file:///nowhere@v1.0\npure @ git+https://127.0.0.1:1/x@1.0\n-e git+ssh://git@127.0.0.1/x#egg=y\n",
        "script.py": "# /// script\n# dependencies = ['pure', 'scripted']\n# ///\n" + CODE.decode(),
        "report.json": AIRFLOW.report().to_json(),
        "evidence.toml": "[scripted]\n"
        'stance = { word = "planned", text = "some day", source = "https://example.com/1", date = 2026-01-01 }\n',
        "pylock.toml": LOCK.format(url=urls[0], sha256=sha256(scripted)),
        "uv.lock": UV_LOCK.format(index=index.url, url=urls[1], sha256=sha256(backed)),
    }
    if mode not in {"this directory", "a directory", "path"}:
        write(project, {name: text.encode() for name, text in texts.items()})
    arguments = [each.format(links=links, environment=environment) for each in MODES[mode]]
    if not WITHOUT_INDEX & set(arguments):
        arguments += ["--index-url", index.url]
    variables = {
        **os.environ,
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "VIRTUAL_ENV": str(environment),
    }
    done = subprocess.run(
        [sys.executable, "-m", "nogilcheck", *arguments],
        cwd=project, env=variables, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert not (home / CANARY).exists(), (home / CANARY).read_text()
    assert done.returncode in {0, 1, 2, 3}, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout
    assert MET.get(mode, "") in done.stdout, "the traps were not even met"


def test_every_command_is_among_the_modes() -> None:
    """A new command needs an entry in `MODES`."""
    assert {mode[0] for mode in MODES.values() if mode} >= set(command_words.COMMANDS) - {"check"}


def test_every_archive_of_the_suite_is_a_trap() -> None:
    assert all(CANARY.encode() in _unpacked(archive(each)) for each in WORLD.files)


def _unpacked(data: bytes) -> bytes:
    import io
    import tarfile
    import zipfile

    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as wheel:
            return b"".join(map(wheel.read, wheel.namelist()))
    with tarfile.open(fileobj=io.BytesIO(data)) as sdist:
        return b"".join(file.read() for each in sdist if (file := sdist.extractfile(each)) is not None)
