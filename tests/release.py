"""Builds what is released, and tells what keeps a commit from being released.

``python -m tests.release build DIST`` writes the sdist and the wheel of the last commit, built twice.
``python -m tests.release check TAG ADDRESS`` ends with 1 when this tree must not be released under that tag from that
repository, and says why. Needs git, and ``build`` with hatchling in the environment (``tests/locks/release.txt``).
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]
_CIRCUMSTANCES = (
    {"TZ": "UTC", "PYTHONHASHSEED": "1", "LC_ALL": "C", "umask": "022"},
    {"TZ": "Asia/Kathmandu", "PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "umask": "077"},
)
"""Nothing of this may show in what is built; neither may the directory or the times of the files."""


def build(into: Path, root: Path = ROOT) -> dict[str, str]:
    """Build the sdist, and the wheel from it, of the last commit of a repository; file name -> SHA-256.

    What is not committed takes no part. The times in the archives are the commit's (SOURCE_DATE_EPOCH). The directory
    is emptied first. Raises RuntimeError when the builds differ under different circumstances, or one fails.
    """
    with tempfile.TemporaryDirectory() as work:
        built = [_build(root, Path(work), number) for number in range(len(_CIRCUMSTANCES))]
        first, second = (_digests(directory) for directory in built)
        if first != second:
            raise RuntimeError(f"two builds of one commit differ: {first} and {second}")
        shutil.rmtree(into, ignore_errors=True)
        shutil.copytree(built[0], into)
    return first


def problems(root: Path, tag: str, address: str) -> list[str]:
    """What keeps the tree at ``root`` from being released as ``tag`` from the repository at ``address``."""
    found = []
    package = (root / "nogilcheck" / "__init__.py").read_text(encoding="utf-8")
    version = re.findall(r'^__version__ = "(.+)"$', package, re.MULTILINE)[0]
    if tag != f"v{version}":
        found.append(f"the tag is {tag}, and nogilcheck/__init__.py says {version}")
    if not re.search(rf"^## {re.escape(version)} ", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        found.append(f"CHANGELOG.md has no section {version}")
    fragments = sorted(path.name for path in (root / "changelog.d").glob("*.md") if path.name != "README.md")
    if fragments:
        found.append(f"changelog.d still has {', '.join(fragments)}")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    urls = project.get("urls", {})
    if urls.get("Source") != address:
        found.append(f"[project.urls] Source is {urls.get('Source', 'missing')}, and this repository is {address}")
    if "Documentation" not in urls:
        found.append("[project.urls] has no Documentation")
    return found


def _build(root: Path, work: Path, number: int) -> Path:
    """One build in a directory of its own; the directory of what it made."""
    given = _CIRCUMSTANCES[number]
    source, made = work / f"source-{number}" / ("x" * number) / "nogilcheck", work / f"made-{number}"
    archive = subprocess.run(["git", "archive", "HEAD"], cwd=root, check=True, capture_output=True).stdout
    with tarfile.open(fileobj=BytesIO(archive)) as tree:
        tree.extractall(source, filter="data")
    for path in source.rglob("*"):
        os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(made), str(source)],
        env={**os.environ, **given, "SOURCE_DATE_EPOCH": _commit_time(root)},
        umask=int(given["umask"], 8) if os.name == "posix" else -1,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stdout)
    return made


def _commit_time(root: Path) -> str:
    """Seconds since 1970."""
    command = ["git", "log", "-1", "--format=%ct"]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def _digests(directory: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(directory.iterdir())}


def main(*arguments: str) -> int:
    """The command line; returns its exit status."""
    match arguments:
        case "build", into:
            for name, digest in build(Path(into)).items():
                print(f"{digest}  {name}")
            return 0
        case "check", tag, address:
            found = problems(ROOT, tag, address)
            print(*found, sep="\n", file=sys.stderr)
            return 1 if found else 0
        case _:
            print(__doc__, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
