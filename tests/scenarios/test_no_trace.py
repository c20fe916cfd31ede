"""Credentials leave no trace: not on the screen, not on the disk, whatever happens."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from nogilcheck.index import transport
from nogilcheck.model import secrets
from tests.support.command import run
from tests.world import SHAPES, Index, Shape, parse, serve

USER, PASSWORD = "robot-account", "pa ss:w/ö%rd-9f"
TOKEN = "kT7xQ2mZ9pL4vB8n"
WORD = "swordfish"
"""A secret in a path that does not look like one."""

WORLD = parse("""
[projects]
leaf."1.0" = {}
app."1.0" = { requires = ["leaf", "gone", "dropped"] }
dropped."1.0" = {}
[projects.ranged."1.0"]
wheels = [{ tag = "py3-none-any", padding = 100000 }]
[projects.streamed."1.0"]
wheels = []
sdist = {}
""")
NAMES = ("app", "ranged", "streamed")

FORMS = {
    PASSWORD,
    quote(PASSWORD),
    quote(PASSWORD, safe=""),
    quote(PASSWORD, safe=":"),
    TOKEN,
    WORD,
    base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode(),
}
NEEDLES = {form.encode() for form in FORMS} | {PASSWORD.encode("unicode_escape"), PASSWORD.encode("utf-16-le")}

FAULTS: dict[str, Callable[[Index], object]] = {
    "none": lambda _: None,
    "refused": lambda index: index.fail("*/dropped/*", action=401),
    "forbidden": lambda index: index.fail("/files/*", action=403),
    "failing": lambda index: index.fail("*", action=503),
    "garbage": lambda index: index.fail("*/dropped/*", action=418),
}


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another directory, no waiting, and nothing known of secrets."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(transport, "BACKOFF_SECONDS", 0.0)
    monkeypatch.setattr(secrets, "_everywhere", {})
    monkeypatch.setattr(secrets, "_by_host", {})


@pytest.fixture(params=["pypi", "mirror", "html-ranges-relative"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    """An index that wants credentials, and one that has a secret in its path."""
    usual = SHAPES[request.param]
    shape = Shape(**{**{name: getattr(usual, name) for name in Shape.__slots__}, "credentials": (USER, PASSWORD)})
    with serve(WORLD, shape) as running:
        yield running


def userinfo(index: Index, _: Path, __: pytest.MonkeyPatch) -> list[str]:
    return [*NAMES, "--index-url", index.url_with_credentials]


def named(index: Index, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("UV_INDEX_INTERNAL_USERNAME", USER)
    monkeypatch.setenv("UV_INDEX_INTERNAL_PASSWORD", PASSWORD)
    text = f"""[project]
name = "own"
version = "1"
dependencies = {list(NAMES)}
[[tool.uv.index]]
name = "internal"
url = "{index.url}"
default = true
"""
    (directory / "pyproject.toml").write_text(text, encoding="utf-8")
    return ["pyproject.toml"]


def netrc(index: Index, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("NETRC", str(directory / "netrc"))
    (directory / "netrc").write_text(f'machine 127.0.0.1 login {USER} password "{PASSWORD}"', encoding="utf-8")
    return [*NAMES, "--index-url", index.url]


def keyring(index: Index, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    command = directory / "bin" / "keyring"
    command.parent.mkdir()
    command.write_text(f"#!{sys.executable}\nprint({PASSWORD!r})\n", encoding="utf-8")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(command.parent))
    monkeypatch.setenv("UV_KEYRING_PROVIDER", "subprocess")
    return [*NAMES, "--index-url", index.url.replace("://", f"://{USER}@")]


def variables(index: Index, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("INDEX_USER", USER)
    monkeypatch.setenv("INDEX_PASSWORD", quote(PASSWORD, safe=""))
    url = index.url.replace("://", "://${INDEX_USER}:${INDEX_PASSWORD}@")
    lines = [f"--index-url {url}", f"-r {url}missing.txt", f"far @ {url}far-1.0-py3-none-any.whl", *NAMES]
    (directory / "r.txt").write_text("\n".join(lines), encoding="utf-8")
    return ["r.txt"]


def both_wrong(index: Index, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    arguments = userinfo(index, directory, monkeypatch)
    return [*arguments, "--extra-index-url", f"http://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:9/{WORD}/",
            "--find-links", f"http://{USER}:{quote(PASSWORD, safe=':')}@127.0.0.1:9/{TOKEN}/"]  # fmt: skip


WAYS = [userinfo, named, netrc, keyring, variables, both_wrong]
if os.name == "nt":
    WAYS.remove(keyring)


def traces(*places: Path) -> list[str]:
    """Files below these places that hold a credential."""
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert files
    return [str(path) for path in files if any(needle in path.read_bytes() for needle in NEEDLES)]


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("way", WAYS)
def test_credentials_leave_no_trace(
    index: Index, cache_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Callable[..., list[str]], fault: str
) -> None:
    monkeypatch.setenv("SWORD_TOKEN", WORD)
    arguments = [*way(index, tmp_path, monkeypatch), "--python", "3.14t", "--cache-dir", str(cache_dir)]
    written = {path for path in tmp_path.rglob("*")}
    FAULTS[fault](index)
    shown = ""
    for further in (["-v"], ["--format", "json"], ["--offline"], ["--refresh", "-o", "report.json"], ["-q"]):
        outcome = run(*arguments, *further)
        assert outcome.status in {0, 1, 2, 3}
        shown += outcome.stdout + outcome.stderr
    assert any(request.status == 200 for request in index.requests) or fault == "failing"
    shown += (tmp_path / "report.json").read_text(encoding="utf-8") if (tmp_path / "report.json").exists() else ""
    assert not [form for form in FORMS if form in shown], shown
    assert not [path for path in traces(cache_dir, tmp_path) if Path(path) not in written]


def in_the_path(index: Index, way: str, directory: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The same index below a secret path, as a redirect keeps it there."""
    monkeypatch.setenv("FEED_TOKEN", TOKEN)
    monkeypatch.setenv("FEED_WORD", WORD)
    if way == "flag":
        return [*NAMES, "--index-url", f"{index.base}/{TOKEN}/simple/"]
    if way == "expanded by the shell":
        monkeypatch.setenv("FEED_WORD_SECRET", WORD)
        return [*NAMES, "--index-url", f"{index.base}/{WORD}/simple/"]
    name = "FEED_WORD" if way == "word" else "FEED_TOKEN"
    text = f"--index-url {index.base}/${{{name}}}/simple/\n-r {index.base}/${{{name}}}/missing.txt\n"
    text += f"far @ {index.base}/${{{name}}}/far-1.0-py3-none-any.whl\n" + "\n".join(NAMES)
    (directory / "r.txt").write_text(text, encoding="utf-8")
    return ["r.txt"]


class Below:
    """Everything of an index once more below a secret path: pages whose files are there, too."""

    def __init__(self, index: Index) -> None:
        self._answer = index.answer
        self._base = index.base

    def __call__(self, target: str, headers: object) -> object:
        for secret in (TOKEN, WORD):
            if target.startswith(f"/{secret}/"):
                found = self._answer(target.removeprefix(f"/{secret}"), headers)  # type: ignore[arg-type]
                body = found.body
                if b"/files/" in body:
                    body = body.replace(f"{self._base}/files/".encode(), f"{self._base}/{secret}/files/".encode())
                return type(found)(status=found.status, body=body, headers=found.headers)
        return self._answer(target, headers)  # type: ignore[arg-type]


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("way", ["flag", "expanded by the shell", "word", "token"])
def test_a_secret_in_the_path_leaves_no_trace(
    cache_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, fault: str
) -> None:
    with serve(WORLD, SHAPES["mirror"]) as index:
        monkeypatch.setattr(index, "answer", Below(index))
        arguments = [*in_the_path(index, way, tmp_path, monkeypatch), "--python", "3.14t", "--cache-dir", str(cache_dir)]
        FAULTS[fault](index)
        shown = ""
        for further in (["-v"], ["--format", "json"], ["--offline"], ["--refresh", "-o", "report.json"]):
            outcome = run(*arguments, *further)
            shown += outcome.stdout + outcome.stderr
        assert index.asked("/*/files/*") or fault == "failing"
        assert [len(index.asked(f"/{secret}/*")) > 0 for secret in (TOKEN, WORD)].count(True) == 1
    assert not [form for form in FORMS if form in shown], shown
    assert not traces(cache_dir, tmp_path)


def test_a_defect_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*values: object, **named: object) -> None:
        raise RuntimeError(f"what is this: {values} {named}")

    with serve(WORLD) as index:
        url = index.with_userinfo(USER, PASSWORD)
        for place in ("nogilcheck.index.fetcher.IndexFetcher.__init__", "nogilcheck.index.page_source.PageSource.index_page"):
            with monkeypatch.context() as patch:
                patch.setattr(place, fail)
                outcome = run("app", "--index-url", url, "--extra-index-url", f"{index.base}/{TOKEN}/", "--no-cache")
            assert outcome.status == 2
            assert "defect" in outcome.stderr
            assert "what is this" in outcome.stderr
            assert not [form for form in FORMS if form in outcome.stderr], outcome.stderr


@pytest.mark.skipif(os.name == "nt", reason="no SIGINT for one process there")
def test_an_interrupted_run_leaves_a_whole_cache(cache_dir: Path) -> None:
    with serve(WORLD) as index:
        hang = index.hang("/simple/dropped/")
        command = [sys.executable, "-m", "nogilcheck", "app", "--index-url", index.with_userinfo(USER, PASSWORD),
                   "--python", "3.14t", "--cache-dir", str(cache_dir)]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cache_dir) as process:
            assert hang.entered.wait(30)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (130, b"nogilcheck: interrupted\n")
        assert not traces(cache_dir)
        index.heal()
        again = run("leaf", "--index-url", index.url, "--python", "3.14t", "--cache-dir", str(cache_dir))
        assert (again.status, again.stderr) == (0, "")
