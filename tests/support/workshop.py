"""Other tools, each in an environment of its own, and what they write for one small project."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Lock

TOOLS = ("uv", "poetry", "pdm", "pipenv", "pip-tools", "pip", "pre-commit", "check-jsonschema", "zizmor")
"""Each has a lock of its own: they do not go together in one environment."""

LOCKS = Path(__file__).parents[1] / "locks"

SECONDS = 600.0
"""After this a tool is taken to hang."""

_SETTINGS = {
    "PIP_CONFIG_FILE": os.devnull,
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "PDM_CHECK_UPDATE": "0",
    "PDM_USE_VENV": "0",
    "PIPENV_VENV_IN_PROJECT": "1",
    "PIPENV_IGNORE_VIRTUALENVS": "1",
    "POETRY_VIRTUALENVS_CREATE": "false",
    "UV_NO_CONFIG": "1",
    "UV_PYTHON": sys.executable,
    "NO_COLOR": "1",
}
_INDEXES = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "UV_INDEX", "UV_INDEX_URL", "UV_DEFAULT_INDEX")
"""Otherwise they end up in the files that are written."""


def run(
    *command: str | Path,
    check: bool = True,
    cwd: Path | None = None,
    env: dict[str, str] | None = None,
    timeout: float = SECONDS,
) -> subprocess.CompletedProcess[str]:
    """A command with the machine's own settings, whatever they are; with ``check`` it must succeed."""
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        check=False,
        cwd=cwd,
        env=env,
        timeout=timeout,
    )
    if check and done.returncode:
        said = done.stdout[-2000:] + done.stderr[-2000:]
        raise AssertionError(f"{' '.join(done.args)}: exit status {done.returncode}\n{said}")
    return done


def scripts_of(directory: Path) -> Path:
    """Where the commands of a virtual environment are."""
    return directory / ("Scripts" if os.name == "nt" else "bin")


def make_environment(python: str, directory: Path) -> Path:
    """A new virtual environment; returns the directory of its scripts."""
    run(python, "-m", "venv", directory)
    return scripts_of(directory)


def install_locked(scripts: Path, *names: str) -> None:
    """Install locks into an environment, given the directory of its scripts."""
    files = [part for name in names for part in ("-r", LOCKS / f"{name}.txt")]
    run(
        scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *files
    )


def only_locked(python: str | Path, directory: Path, *names: str) -> dict[str, str]:
    """Variables with which pip installs, builds included, from nothing but what these locks hold.

    For what has to be installed as users do it, where hashes cannot be asked for. The files are in ``directory`` then.
    """
    files = [part for name in names for part in ("-r", LOCKS / f"{name}.txt")]
    run(python, "-m", "pip", "download", "--quiet", "--require-hashes", "--dest", directory, *files)
    return {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": str(directory),
        "PIP_NO_INDEX": "1",
    }


class Workshop:
    """Installs tools when they are first asked for, from any thread."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = Lock()
        self._installed: dict[str, Future[Path]] = {}
        self._pool = ThreadPoolExecutor(max_workers=len(TOOLS))
        kept = {name: value for name, value in os.environ.items() if name not in {*_INDEXES, "VIRTUAL_ENV"}}
        path = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
        self.environment = {**kept, **_SETTINGS, "PATH": path, "PIPENV_PYTHON": sys.executable}

    def close(self) -> None:
        """Wait for what is being installed."""
        self._pool.shutdown()

    def use(self, tool: str, *arguments: str | Path, cwd: Path) -> str:
        """What a tool says when it is run in a directory; it must succeed."""
        scripts = self.scripts(tool)
        command = scripts / ("pip-compile" if tool == "pip-tools" else tool)
        return run(command, *arguments, cwd=cwd, env=self.environment).stdout

    def scripts(self, tool: str) -> Path:
        """Where the commands of a tool are; installed when it is first asked for."""
        with self._lock:
            if tool not in self._installed:
                self._installed[tool] = self._pool.submit(self._install, tool)
        return self._installed[tool].result()

    def _install(self, tool: str) -> Path:
        """uv by pip, and the others by uv, which takes seconds."""
        directory = self._directory / tool
        if tool == "uv":
            scripts = make_environment(sys.executable, directory)
            install_locked(scripts, tool)
            return scripts
        uv = self.scripts("uv") / "uv"
        run(uv, "venv", "--quiet", "--python", sys.executable, directory)
        run(uv, "pip", "install", "--quiet", "--python", directory, "--require-hashes", "-r", LOCKS / f"{tool}.txt")
        return scripts_of(directory)
