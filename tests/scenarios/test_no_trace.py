"""Credentials leave no trace: not on the screen, not on the disk, whatever happens."""

from __future__ import annotations

import base64
import logging
import os
import sqlite3
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest

from nogilcheck.store.database import DATABASE_NAME
from tests.support.command import run
from tests.world import SHAPES, Answer, Index, parse, serve

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
    """Another directory, and a logger as it was."""
    logger = logging.getLogger("nogilcheck")
    for name in ("handlers", "level", "propagate"):
        monkeypatch.setattr(logger, name, getattr(logger, name))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(params=["pypi"])
def index(request: pytest.FixtureRequest) -> Iterator[Index]:
    """An index that wants credentials."""
    with serve(WORLD, replace(SHAPES[request.param], credentials=(USER, PASSWORD))) as running:
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


def traces(*places: Path) -> list[Path]:
    """Files below these places that hold a credential, as they are or compressed."""
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    assert files
    return [path for path in files if any(needle in content for content in contents(path) for needle in NEEDLES)]


def contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file and, if it is the cache, of everything in it."""
    yield path.read_bytes()
    if path.name != DATABASE_NAME:
        return
    with closing(sqlite3.connect(path)) as cache:
        for (table,) in cache.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            for row in cache.execute(f"SELECT * FROM {table}"):
                for value in row:
                    blob = value if isinstance(value, bytes) else str(value).encode()
                    yield blob
                    with suppress(zlib.error):
                        yield zlib.decompressobj().decompress(blob)


Way = Callable[[Index, Path, pytest.MonkeyPatch], list[str]]


@pytest.mark.parametrize(
    ("index", "fault"), [("mirror", "none"), ("html-ranges-relative", "none"), *(("pypi", fault) for fault in FAULTS)],
    indirect=["index"],
)  # fmt: skip
@pytest.mark.parametrize("way", WAYS)
def test_credentials_leave_no_trace(
    index: Index,
    cache_dir: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    way: Way,
    fault: str,
) -> None:
    caplog.set_level(logging.DEBUG, "nogilcheck")
    monkeypatch.setenv("SWORD_TOKEN", WORD)
    arguments = [*way(index, tmp_path, monkeypatch), "--python", "3.14t", "--cache-dir", str(cache_dir)]
    written = set(tmp_path.rglob("*"))
    FAULTS[fault](index)
    shown = ""
    for further in (
        ["-v"],
        ["--format", "json"],
        ["--offline"],
        ["--refresh", "-o", "report.json"],
        ["-q"],
        ["-vv", "--refresh"],
    ):
        outcome = run(*arguments, *further)
        assert outcome.status in {0, 1, 2, 3}
        shown += outcome.stdout + outcome.stderr
    assert any(request.status == 200 for request in index.requests) or fault == "failing"
    shown += (tmp_path / "report.json").read_text(encoding="utf-8") if (tmp_path / "report.json").exists() else ""
    assert not [form for form in FORMS if form in shown], shown
    assert caplog.records
    assert not [form for form in FORMS if form in caplog.text], "not even before the text is redacted"
    assert not set(traces(cache_dir, tmp_path)) - written


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

    def __call__(self, target: str, headers: Mapping[str, str]) -> Answer:
        for secret in (TOKEN, WORD):
            if target.startswith(f"/{secret}/"):
                found = self._answer(target.removeprefix(f"/{secret}"), headers)
                there = f"{self._base}/{secret}/files/"
                return replace(found, body=found.body.replace(f"{self._base}/files/".encode(), there.encode()))
        return self._answer(target, headers)


@pytest.mark.parametrize("fault", list(FAULTS))
@pytest.mark.parametrize("way", ["flag", "expanded by the shell", "word", "token"])
def test_a_secret_in_the_path_leaves_no_trace(
    cache_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, fault: str
) -> None:
    with serve(WORLD, SHAPES["mirror"]) as index:
        monkeypatch.setattr(index, "answer", Below(index))
        arguments = [*in_the_path(index, way, tmp_path, monkeypatch), "--python", "3.14t"]
        arguments += ["--cache-dir", str(cache_dir)]
        FAULTS[fault](index)
        shown = ""
        for further in (
            ["-v"],
            ["--format", "json"],
            ["--offline"],
            ["--refresh", "-o", "report.json"],
            ["-vv", "--refresh"],
        ):
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
        for place in ("fetcher.IndexFetcher.__init__", "pages.page_source.PageSource.ask"):
            with monkeypatch.context() as patch:
                patch.setattr(f"nogilcheck.index.{place}", fail)
                outcome = run("app", "--index-url", url, "--extra-index-url", f"{index.base}/{TOKEN}/", "--no-cache")
            assert outcome.status == 2
            assert "defect" in outcome.stderr
            assert "what is this" in outcome.stderr
            assert not [form for form in FORMS if form in outcome.stderr], outcome.stderr
