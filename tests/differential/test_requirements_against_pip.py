"""Our reading of requirements files against pip's own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.errors import NogilcheckError
from nogilcheck.inputs.reader import read_inputs
from nogilcheck.inputs.structured import Directories
from nogilcheck.inputs.text.paths import url_to_path
from nogilcheck.model.inputs import Inputs
from nogilcheck.model.source import IndexSettings, Root
from nogilcheck.model.urls import without_credentials
from tests.differential.requirements_corpus import CASES, COMMON, DIFFERENCES, REMOTE, ROWS, SERVER, Case

OLDEST_PIP = 26
DEFAULT_INDEX = "https://pypi.org/simple"

Answer = dict[str, Any]


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        content = REMOTE.get(self.path)
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(content or b"")))
        self.end_headers()
        self.wfile.write(content or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@contextmanager
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{running.server_port}"
        finally:
            running.shutdown()
            thread.join()


def fetch(url: str) -> bytes:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url) as response:
            content = response.read()
            assert isinstance(content, bytes)
            return content
    except urllib.error.HTTPError as error:
        error.close()
        raise NogilcheckError(f"{url}: {error.code}") from error


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Answer, Answer]]:
    """By case: our answer and pip's."""
    _require_pip()
    with server() as url:
        base = tmp_path_factory.mktemp("cases")
        directories = [_materialize(base / str(number), case, url) for number, case in enumerate(CASES)]
        theirs = _ask_pip(directories)
        ours = [_read(directory, case) for directory, case in zip(directories, CASES, strict=True)]
    rows = zip(CASES, ours, theirs, directories, strict=True)
    return {case.name: (_ours(mine), _theirs(pips, directory)) for case, mine, pips, directory in rows}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_same_as_pip(case: Case, answers: dict[str, tuple[Answer, Answer]]) -> None:
    ours, theirs = answers[case.name]
    if case.name in DIFFERENCES:
        assert ours != theirs, f"no longer a difference: {DIFFERENCES[case.name]}"
    else:
        assert ours == theirs


def test_most_cases_are_read_by_pip(answers: dict[str, tuple[Answer, Answer]]) -> None:
    """Two rejections are equal whatever their reasons, so most cases must be more than that."""
    read = [name for name, (_, theirs) in answers.items() if "rejected" not in theirs]
    assert len(read) > len(CASES) / 2


def test_case_names_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
    assert set(DIFFERENCES) <= set(names)


@pytest.mark.parametrize("row", ROWS)
def test_what_the_library_gets_wrong_is_compared(row: str) -> None:
    assert set(ROWS[row]) <= {case.name for case in CASES}


def _require_pip() -> None:
    found = subprocess.run([sys.executable, "-m", "pip", "--version"], capture_output=True, text=True, check=False)
    version = found.stdout.split()[1] if found.returncode == 0 else ""
    if not version or int(version.partition(".")[0]) < OLDEST_PIP:
        pytest.skip(f"needs pip {OLDEST_PIP} or newer in this interpreter, found {version or 'none'}")


def _materialize(directory: Path, case: Case, url: str) -> Path:
    for name, content in (COMMON | case.files).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.replace(SERVER.encode(), url.encode()).replace(b"CASE", str(directory).encode()))
    return directory


def _ask_pip(directories: list[Path]) -> list[Answer]:
    cases = [
        {"directory": str(directory), "environment": case.environment}
        for directory, case in zip(directories, CASES, strict=True)
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    found = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("pip_requirements_oracle.py"))],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=True,
        env=environment | {"PIP_CONFIG_FILE": os.devnull, "NO_PROXY": "*"},
    )
    answers = json.loads(found.stdout)
    assert isinstance(answers, list)
    return answers


def _read(directory: Path, case: Case) -> Inputs:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(directory)
        # Read for all tests of the module at once, before any of them is isolated from the machine's settings.
        for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
            patch.delenv(name)
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        # What a directory stands for is told by its project file; compared is what the line says.
        patch.setattr(Directories, "expanded", lambda _, content: content)
        for name, value in case.environment.items():
            patch.setenv(name, value)
        return read_inputs(["requirements.txt"], settings=IndexSettings(), stdin=lambda: b"", fetch=fetch)


def _ours(inputs: Inputs) -> Answer:
    if inputs.unread:
        return {"rejected": True}
    settings = inputs.settings
    indexes = () if settings.no_index else (settings.index_url or DEFAULT_INDEX, *settings.extra_index_urls)
    return {
        "requirements": [_our_requirement(root) for root in inputs.roots],
        "constraints": [_our_requirement(root) for root in inputs.constraints],
        "index_urls": list(indexes),
        "find_links": list(settings.find_links),
        "no_index": settings.no_index,
        "only_binary": sorted(settings.only_binary),
        "no_binary": sorted(settings.no_binary),
        "pre": settings.pre,
        "require_hashes": settings.require_hashes,
        "prefer_binary": False,
        "release_control": [],
    }


def _our_requirement(root: Root) -> Answer:
    return {
        "name": root.name,
        "specifier": root.specifier,
        "extras": list(root.extras),
        "marker": root.marker,
        "url": root.url,
        "editable": root.editable,
        "hashes": sorted(root.hashes),
        "line": f"{root.location.path} {root.location.line}",
    }


def _theirs(answer: Answer, directory: Path) -> Answer:
    if "error" in answer:
        return {"rejected": True}
    options = answer["options"]
    requirements = _unique(answer["requirements"])
    return {
        "requirements": [_their_requirement(each, directory) for each in requirements if not each["constraint"]],
        "constraints": [_their_requirement(each, directory) for each in requirements if each["constraint"]],
        "index_urls": options["index_urls"],
        "find_links": [_location(each, directory) for each in options["find_links"]],
        "no_index": options["no_index"],
        "only_binary": options["only_binary"],
        "no_binary": options["no_binary"],
        "pre": options["pre"],
        "require_hashes": options["require_hashes"],
        "prefer_binary": options["prefer_binary"],
        "release_control": options["release_control"],
    }


def _their_requirement(requirement: Answer, directory: Path) -> Answer:
    return {
        "name": requirement["name"] and canonicalize_name(requirement["name"]),
        "specifier": requirement["specifier"],
        "extras": sorted({canonicalize_name(extra) for extra in requirement["extras"]}),
        "marker": requirement["marker"],
        "url": requirement["url"] and without_credentials(requirement["url"]),
        "editable": requirement["editable"],
        "hashes": sorted(requirement["hashes"]),
        "line": _line(requirement["origin"], directory),
    }


def _line(origin: str, directory: Path) -> str:
    """``-r FILE (line N)`` as ``FILE N``."""
    found = re.fullmatch(r"-[rc] (.*) \(line (\d+)\)", origin)
    assert found
    path = url_to_path(found[1]) if found[1].startswith("file:") else found[1]
    return f"{path.removeprefix(f'{directory}/')} {found[2]}"


def _location(value: str, directory: Path) -> str:
    """As we hold it: paths absolute, file URLs as paths."""
    if value.startswith("file:"):
        return url_to_path(value)
    return value if urllib.parse.urlsplit(value).scheme else os.path.normpath(directory / value)


def _unique(requirements: list[Answer]) -> list[Answer]:
    """We drop what a file says again when it is included twice."""
    return [each for number, each in enumerate(requirements) if each not in requirements[:number]]
