"""Credentials in odd URLs leave no trace, wherever such a URL is written."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from nogilcheck.model.credentials import secrets
from tests.scenarios.test_no_trace import contents
from tests.support.command import run
from tests.world import Action, Answer, parse, redirect, serve

MARK = "zqx"
"""Begins each part of each generated password, and stands nowhere else."""

SCHEMES = (
    "https://", "http://", "HTTPS://", "git+https://", "git+ssh://", "hg+http://", "svn+ssh://", "ftp://", "s3://",
    "gs://", "file://", "ssh://", "https:", "https:/", "https:///", "https:\\\\", "git+https:/", "//", "", "x-y.z+1://",
    "http//", "http:://",
)  # fmt: skip
BETWEEN = (
    "", "", "", " ", "  ", ":", "/", "#", "?", "@", "@@", "%40", "%20", "\\", "ä", "+", "&", ";", ",", "[", "]", "$",
    "'", "=", "%", ":/", "://", "\t", "\u200b", "\uff0f", "\u2100", " -", " --", '"',
)  # fmt: skip
HOSTS = (
    "h.invalid",
    "h.invalid:443",
    "127.0.0.1:9",
    "[::1]:9",
    "[::1",
    "h.invalid:port",
    "",
    "h_.invalid.",
    "ä.invalid",
)
PATHS = (
    "",
    "/",
    "/x",
    "/x/simple/",
    "/x.git@main",
    "/r.txt",
    "/x.git#egg=x",
    "/x-1.0-py3-none-any.whl",
    "/a:b@c",
    "?q=1",
    ":org/x",
)
USERS = ("u", "user.name", "", "a-b", "__token__", "u%40example.com", "--u")


def odd_url(chance: random.Random) -> str:
    """A URL with a password, or something that was meant to be one."""
    parts = [MARK + "".join(chance.choices("abcdefghijklmnoprstuvwy", k=chance.choice((3, 6, 12)))) for _ in range(2)]
    password = parts[0] + (between + parts[1] if (between := chance.choice(BETWEEN)) else "")
    scheme, user = chance.choice(SCHEMES), chance.choice(USERS)
    return f"{scheme}{user}:{password}@{chance.choice(HOSTS)}{chance.choice(PATHS)}"


def requirements(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    forms = ("{}", "-r {}", "-c {}", "-i {}", "--index-url={}", "--extra-index-url {}", "-f {}", "--find-links={}",
             "-e {}", "x @ {}", "x[a]@{} ; python_version > '3'", "--trusted-host {}", "-r '{}'", "--index-url \"{}\"",
             "x --hash=sha256:0 {}", "--no-such {}", "x=={}", "# {}", "-r {} -c {}", "x ; '{}'", "-i\t{}")  # fmt: skip
    lines = [forms[n % len(forms)].replace("{}", url) for n, url in enumerate(urls)]
    Path("r.txt").write_text("\n".join(lines), encoding="utf-8")
    return ["r.txt"]


def pyproject(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    text = '[project]\nname = "own"\nversion = "1"\ndependencies = ['
    text += ", ".join(json.dumps(f"x @ {url}") for url in urls[:10]) + ", "
    text += ", ".join(json.dumps(url) for url in urls[10:20]) + "]\n"
    for n, url in enumerate(urls[20:30]):
        text += f'[[tool.uv.index]]\nname = "i{n}"\nurl = {json.dumps(url)}\n'
    for n, url in enumerate(urls[30:40]):
        text += f'[[tool.poetry.source]]\nname = "i{n}"\nurl = {json.dumps(url)}\n'
    text += "[tool.uv.sources]\n"
    keys = ("url", "git", "index", "path")
    text += "\n".join(f"y{n} = {{ {keys[n % 4]} = {json.dumps(url)} }}" for n, url in enumerate(urls[40:]))
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    return ["pyproject.toml"]


def poetry(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    keys = ("url", "git", "path", "version", "source")
    lines = [f"y{n} = {{ {keys[n % 5]} = {json.dumps(url)} }}" for n, url in enumerate(urls)]
    text = '[tool.poetry]\nname = "own"\nversion = "1"\n[tool.poetry.dependencies]\n' + "\n".join(lines)
    Path("pyproject.toml").write_text(text, encoding="utf-8")
    return ["pyproject.toml"]


def pylock(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    text = 'lock-version = "1.0"\ncreated-by = "x"\n'
    for n, url in enumerate(urls):
        table = ("archive", "vcs", "sdist", "wheels")[n % 4]
        more = (
            'type = "git", commit-id = "0", '
            if table == "vcs"
            else 'name = "x-1.0.tar.gz", hashes = { sha256 = "0" }, '
        )
        entry = f"{{ {more}url = {json.dumps(url)} }}"
        text += f'[[packages]]\nname = "y{n}"\nversion = "1"\nindex = {json.dumps(url)}\n'
        text += f"{table} = {f'[{entry}]' if table == 'wheels' else entry}\n"
    Path("pylock.toml").write_text(text, encoding="utf-8")
    return ["pylock.toml"]


def uv_lock(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    text = (
        'version = 1\nrequires-python = ">=3.9"\n[[package]]\nname = "own"\nversion = "1"\nsource = { virtual = "." }\n'
    )
    text += "dependencies = [" + ", ".join(f'{{ name = "y{n}" }}' for n in range(len(urls))) + "]\n"
    for n, url in enumerate(urls):
        key = ("registry", "git", "url", "path", "directory")[n % 5]
        text += f'[[package]]\nname = "y{n}"\nversion = "1"\nsource = {{ {key} = {json.dumps(url)} }}\n'
        text += f'sdist = {{ url = {json.dumps(url)}, hash = "sha256:0" }}\n'
    Path("uv.lock").write_text(text, encoding="utf-8")
    return ["uv.lock"]


def poetry_lock(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    text = ""
    for n, url in enumerate(urls):
        kind = ("legacy", "git", "url", "file", "directory")[n % 5]
        text += f'[[package]]\nname = "y{n}"\nversion = "1"\noptional = false\npython-versions = "*"\nfiles = []\n'
        text += f'[package.source]\ntype = "{kind}"\nurl = {json.dumps(url)}\nreference = "main"\n'
    text += '[metadata]\nlock-version = "2.1"\npython-versions = "*"\ncontent-hash = "0"\n'
    Path("poetry.lock").write_text(text, encoding="utf-8")
    return ["poetry.lock"]


def pipfile_lock(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    keys = ("file", "git", "path", "version", "index")
    content = {
        "_meta": {"sources": [{"name": f"i{n}", "url": url, "verify_ssl": True} for n, url in enumerate(urls)]},
        "default": {f"y{n}": {keys[n % 5]: url} for n, url in enumerate(urls)},
        "develop": {},
    }
    Path("Pipfile.lock").write_text(json.dumps(content), encoding="utf-8")
    return ["Pipfile.lock"]


def environment_yml(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    forms = ("{}", "-r {}", "x @ {}", "--index-url {}", "-e {}")
    text = "dependencies:\n  - pip:\n"
    text += "\n".join(f"    - {json.dumps(forms[n % len(forms)].format(url))}" for n, url in enumerate(urls))
    Path("environment.yml").write_text(text, encoding="utf-8")
    return ["environment.yml"]


def pip_conf(urls: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    text = "[global]\n"
    for key, url in zip(
        ("index-url", "extra-index-url", "find-links", "constraint", "requirement"), urls, strict=False
    ):
        text += f"{key} = {url}\n"
    Path("pip.conf").write_text(text, encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(Path("pip.conf").absolute()))
    return ["x"]


def environment(urls: list[str], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names = ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONSTRAINT", "UV_INDEX", "UV_DEFAULT_INDEX",
             "UV_FIND_LINKS", "NOGILCHECK_INDEX_URL", "UV_CONSTRAINT", "PIP_REQUIREMENT")  # fmt: skip
    for name, url in zip(names, urls, strict=False):
        monkeypatch.setenv(name, url)
    return ["x"]


def own_file(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
    keys = ("index-url", "extra-index-url", "find-links", "python", "platform", "constraint")
    lines = [f"{key} = {json.dumps(url)}" for key, url in zip(keys, urls, strict=False)]
    Path("nogilcheck.toml").write_text("\n".join(lines), encoding="utf-8")
    return ["x"]


def flag(*flags: str) -> Callable[[list[str], pytest.MonkeyPatch], list[str]]:
    def arguments(urls: list[str], _: pytest.MonkeyPatch) -> list[str]:
        return [part for url in urls for part in ([f"{flags[0]}={url}"] if flags else [url])]

    arguments.__name__ = " ".join(flags) or "argument"
    return arguments


MANY = (requirements, pyproject, poetry, pylock, uv_lock, poetry_lock, pipfile_lock, environment_yml)
FEW = (pip_conf, environment, own_file, flag(), flag("--index-url"), flag("--extra-index-url"), flag("--find-links"),
       flag("--constraint"), flag("--config"), flag("--baseline"), flag("--output"), flag("--env"), flag("--python"),
       flag("--platform"), flag("--no-such"), flag("--ignore"), flag("--group"), flag("--input-format"))  # fmt: skip


@pytest.mark.parametrize(
    ("way", "size", "number"),
    [*((way, 50, 150) for way in MANY), *((way, 1 if way.__name__ == "--config" else 5, 45) for way in FEW)],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_passwords_of_odd_urls_leave_no_trace(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: Callable[[list[str], pytest.MonkeyPatch], list[str]],
    size: int,
    number: int,
) -> None:
    cache = tmp_path / "cache"
    leaks: list[str] = []
    chance = random.Random(way.__name__)
    for turn in range(number // size):
        urls = [odd_url(chance) for _ in range(size)]
        directory = tmp_path / str(turn)
        directory.mkdir()
        monkeypatch.chdir(directory)
        for known in ("_everywhere", "_by_host", "_words"):
            monkeypatch.setattr(secrets, known, {})
        with monkeypatch.context() as patch:
            arguments = way(urls, patch)
            given = set(directory.rglob("*"))
            for further in (
                ["-vv", "-o", "out.json"],
                ["-o", "out.sarif", "-o", "out.md", "-o", "-"],
                ["--format", "github"],
            ):
                outcome = run(
                    "check", "--offline", "--cache-dir", str(cache), "--python", "3.14t", *further, *arguments
                )
                assert "defect" not in outcome.stderr, outcome.stderr
                leaks += (line for line in (outcome.stdout + outcome.stderr).splitlines() if MARK in line.lower())
        for path in directory.rglob("*"):
            if path not in given and path.is_file() and MARK.encode() in path.read_bytes().lower():
                leaks += (f"{path.name}: {line}" for line in path.read_text().splitlines() if MARK in line.lower())
    kept = [path for path in cache.rglob("*") if path.is_file()] if cache.exists() else []
    leaks += (
        f"{path.name}: {content!r}" for path in kept for content in contents(path) if MARK.encode() in content.lower()
    )
    assert not leaks, f"{len(leaks)}:\n" + "\n".join(sorted(set(leaks))[:60])


RAW = ("@", "/", "?", "#", " ", "%", "%40", "ä", "\u2100", ":", "\\", "&", "=", "://", "'", '"')
ANSWERS: tuple[Action | int, ...] = (401, Answer(body=b"<", headers=(("Content-Type", "text/css"),)))
PLACES = (
    ("-i {}/simple/", ""), ("--extra-index-url {}/simple/", ""), ("-f {}/links/", ""), ("-f {}/y-1.0.tar.gz", ""),
    ("-c {}/c.txt", ""), ("", "-r {}/r.txt"), ("", "-c {}/c.txt"), ("", "y @ {}/y-1.0-py3-none-any.whl"),
    ("", "y @ {}/y-1.0.tar.gz"), ("", "{}/y-1.0-py3-none-any.whl"), ("", "-e git+{}/y.git#egg=y"), ("{}/r.txt", ""),
    ("{}/pylock.toml", ""),
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=lambda place: "".join(place).partition("{")[0].strip() or "bare")
@pytest.mark.parametrize("answer", ["refused", "redirected", *map(str, range(len(ANSWERS)))])
def test_passwords_leave_no_trace_where_a_server_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: tuple[str, str], answer: str
) -> None:
    """Nobody is there; the answer leads to a URL with a password of its own; the answer is an error, or nonsense."""
    monkeypatch.chdir(tmp_path)
    chance = random.Random(f"{place}{answer}")
    leaks: list[str] = []
    with serve(parse("")) as gone:
        closed = gone.base
    with serve(parse('[projects.x]\n"1.0" = {}')) as index:
        for turn in range(3):
            odd = "\u2100" if turn == 2 else chance.choice(RAW)  # urllib's own message quotes what holds it
            password = f"{MARK}{turn}abc{odd}{MARK}def{chance.choice(RAW)}"
            spelled = quote(password, safe="") if turn == 1 else password
            at = closed if answer == "refused" else index.base
            where = at.replace("://", f"://u:{spelled}@")
            other = closed.replace("://", f"://v:{MARK}other{turn}@")
            index.fail("*", action=redirect(f"{other}/z") if answer == "redirected" else
                       ANSWERS[int(answer)] if answer.isdecimal() else 404)  # fmt: skip
            flags, line = (text.replace("{}", where) for text in place)
            Path("r.txt").write_text(f"x\n{line}\n", encoding="utf-8")
            option, _, value = flags.partition(" ")
            given = [*([option, value] if value else filter(None, [option])), "./r.txt", "--cache-dir", "cache"]
            given += [] if option == "-i" else ["-i", index.url]
            for form in ("terminal", "json"):
                outcome = run("check", *given, "--python", "3.14t", "--format", form, "-vv")
                assert "defect" not in outcome.stderr, outcome.stderr
                leaks += (text for text in (outcome.stdout + outcome.stderr).splitlines() if MARK in text.lower())
    kept = [path for path in Path("cache").rglob("*") if path.is_file()]
    leaks += (f"{path.name}: {one!r}" for path in kept for one in contents(path) if MARK.encode() in one.lower())
    assert not leaks, "\n".join(sorted(set(leaks))[:40])
