"""Index servers that people run, each installed from PyPI and started on the loopback interface."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.support.workshop import install_locked, make_environment, run
from tests.world import SHAPES, parse, serve, write_links_dir

pytestmark = pytest.mark.tools

START_SECONDS = 60.0
"""After this a server is taken not to come up."""
STOP_SECONDS = 30.0
POLL_SECONDS = 0.05

USER, PASSWORD = "bob", "hunter2/@ü"
WORLD = parse("""
[projects.Private_App."1.0"]
requires = ["private.lib>=1"]
[projects.private-lib."1.0"]
wheels = ["cp314-cp314-manylinux_2_28_x86_64"]
[projects.private-lib."2.0rc1"]
""")
"""The names are not normalized, as is usual where people name them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that is running."""

    url: str
    """Of the Simple API."""
    takes_password: bool = True

    @property
    def private_url(self) -> str:
        """With the credentials as userinfo."""
        quoted = quote(PASSWORD, safe="")
        return self.url.replace("http://", f"http://{USER}:{quoted}@", 1)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def _running(*command: str | Path, port: int, log: Path, env: Mapping[str, str]) -> Iterator[None]:
    """A server, from the moment when it can be connected to; stopped at the end, by force only if it must."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=dict(env)
        )
    try:
        _wait_for(port, process, log)
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            pass
        else:
            return
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(f"{process.args!r} did not come up:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("servers")


@pytest.fixture(scope="module")
def variables(directory: Path) -> dict[str, str]:
    """The environment without the user's own settings."""
    home = directory / "home"
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "SYSTEMROOT", "TMPDIR"}}
    return {**kept, "HOME": str(home), "USERPROFILE": str(home), "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="module")
def wheels(directory: Path) -> Path:
    return write_links_dir(WORLD, directory / "wheels")


def _install(directory: Path, server: str) -> Path:
    scripts = make_environment(sys.executable, directory / server)
    install_locked(scripts, server)
    return scripts


@pytest.fixture(scope="module")
def pypiserver(directory: Path, wheels: Path, variables: dict[str, str]) -> Iterator[Server]:
    """Serves a directory. Every action wants the password."""
    scripts = _install(directory, "pypiserver")
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    passwords = directory / "htpasswd"
    passwords.write_text(f"{USER}:{{SHA}}{digest}\n")
    port = _free_port()
    command = (scripts / "pypi-server", "run", "-i", "127.0.0.1", "-p", str(port), "-P", passwords,
               "-a", "download,list,update", "--disable-fallback", wheels)  # fmt: skip
    with _running(*command, port=port, log=directory / "pypiserver.log", env=variables):
        yield Server(url=f"http://127.0.0.1:{port}/simple/")


@pytest.fixture(scope="module")
def devpi(directory: Path, wheels: Path, variables: dict[str, str]) -> Iterator[Server]:
    """An index of its own, to which the wheels are uploaded with a password; everybody may read."""
    scripts = _install(directory, "devpi")
    state = directory / "devpi-state"
    run(scripts / "devpi-init", "--serverdir", state, "--no-root-pypi", "--root-passwd", "of root", env=variables)
    port = _free_port()
    command = (scripts / "devpi-server", "--serverdir", state, "--host", "127.0.0.1", "--port", str(port))
    with _running(*command, port=port, log=directory / "devpi.log", env=variables):
        base = f"http://127.0.0.1:{port}"
        _devpi(f"{base}/{USER}", "PUT", {"password": PASSWORD}, token=_devpi_token(base, "root", "of root"))
        token = _devpi_token(base, USER, PASSWORD)
        _devpi(f"{base}/{USER}/dev", "PUT", {"type": "stage", "bases": []}, token=token)
        for wheel in sorted(wheels.iterdir()):
            _upload(f"{base}/{USER}/dev/", wheel, token)
        yield Server(url=f"{base}/{USER}/dev/+simple/")


def _devpi_token(base: str, user: str, password: str) -> str:
    answer = _devpi(f"{base}/+login", "POST", {"user": user, "password": password})
    return base64.b64encode(f"{user}:{json.loads(answer)['result']['password']}".encode()).decode()


def _devpi(url: str, method: str, value: object, *, token: str = "") -> bytes:
    return _send(url, method, json.dumps(value).encode(), "application/json", token)


def _upload(url: str, wheel: Path, token: str) -> None:
    """As twine does it (the legacy upload API)."""
    name, version = wheel.name.split("-")[:2]
    fields = {":action": "file_upload", "name": name, "version": version, "filetype": "bdist_wheel"}
    mark = "mark-of-parts"
    head = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()
    )
    head += f'--{mark}\r\nContent-Disposition: form-data; name="content"; filename="{wheel.name}"\r\n\r\n'
    body = head.encode() + wheel.read_bytes() + f"\r\n--{mark}--\r\n".encode()
    _send(url, "POST", body, f"multipart/form-data; boundary={mark}", token)


def _send(url: str, method: str, body: bytes, content_type: str, token: str) -> bytes:
    headers = {"Content-Type": content_type, **({"X-Devpi-Auth": token} if token else {})}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, body, headers, method=method), timeout=START_SECONDS) as answer:
        content: bytes = answer.read()
    return content


@pytest.fixture(scope="module")
def proxpi(directory: Path, variables: dict[str, str]) -> Iterator[Server]:
    """A caching proxy, in front of the fixture server. It knows no passwords."""
    scripts = _install(directory, "proxpi")
    port = _free_port()
    with serve(WORLD, SHAPES["html"]) as upstream:
        settings = {"PROXPI_INDEX_URL": upstream.url, "PROXPI_CACHE_DIR": str(directory / "proxpi-cache")}
        command = (scripts / "flask", "--app", "proxpi.server", "run", "--host", "127.0.0.1", "--port", str(port))
        with _running(*command, port=port, log=directory / "proxpi.log", env={**variables, **settings}):
            yield Server(url=f"http://127.0.0.1:{port}/index/", takes_password=False)


SERVERS = ("pypiserver", "devpi", "proxpi")


@pytest.fixture(params=SERVERS)
def server(request: pytest.FixtureRequest) -> Server:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Server)
    return found


def nogilcheck(*arguments: str | Path, env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """The whole program, in a process of its own."""
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = (sys.executable, "-m", "nogilcheck", *arguments, "--python", "3.14t")
    return run(*command, check=False, env={**env, **path})


def assert_no_trace(said: str, cache: Path) -> None:
    """Neither the password nor what is made of it."""
    basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    kept = b"".join(path.read_bytes() for path in cache.rglob("*") if path.is_file())
    for secret in (PASSWORD, "hunter2", quote(PASSWORD, safe=""), basic, f"{USER}:", f"{USER}@"):
        assert secret not in said
        assert secret.encode() not in kept


def test_a_private_wheel_and_its_dependency_are_found(
    server: Server, cache_dir: Path, variables: dict[str, str]
) -> None:
    url = server.private_url if server.takes_password else server.url
    arguments = ("private-app", "--index-url", url, "--cache-dir", cache_dir, "--format", "json")
    for more in ((), ("--offline",), ("--refresh",)):
        done = nogilcheck(*arguments, *more, env=variables)
        assert done.returncode == 1, done.stderr
        assert done.stderr == ""
        report = json.loads(done.stdout)
        found = {each["name"]: each for each in report["distributions"]}
        assert {name: each["version"] for name, each in found.items()} == {"private-app": "1.0", "private-lib": "1.0"}
        assert {each["index"] for each in found.values()} == {server.url}
        (target,) = report["targets"]
        assert found["private-app"]["targets"][target["id"]]["status"] == "pure"
        assert found["private-lib"]["targets"][target["id"]]["status"] == "gil-only"
        assert report["gaps"] == []
        assert_no_trace(done.stdout + done.stderr, cache_dir)


def test_a_name_that_is_not_there_is_a_gap(server: Server, cache_dir: Path, variables: dict[str, str]) -> None:
    url = server.private_url if server.takes_password else server.url
    done = nogilcheck("no-such-project", "--index-url", url, "--cache-dir", cache_dir, env=variables)
    assert done.returncode == 3, done.stderr
    assert "was not found on" in " ".join(done.stdout.split())
    assert_no_trace(done.stdout + done.stderr, cache_dir)


@pytest.mark.parametrize(
    ("userinfo", "why"),
    [("", "401: no credentials are known"), (f"{USER}:wrong-secret@", "403: it does not accept the credentials")],
)
def test_without_the_password_it_is_a_gap(
    pypiserver: Server, cache_dir: Path, variables: dict[str, str], userinfo: str, why: str
) -> None:
    url = pypiserver.url.replace("http://", f"http://{userinfo}", 1)
    done = nogilcheck("private-app", "--index-url", url, "--cache-dir", cache_dir, env=variables)
    assert done.returncode == 3, done.stderr
    assert why in " ".join(done.stdout.split())
    assert "wrong-secret" not in done.stdout + done.stderr


def test_the_password_may_stand_in_the_netrc_file(
    pypiserver: Server, cache_dir: Path, variables: dict[str, str]
) -> None:
    netrc = cache_dir / "netrc"
    netrc.write_text(f'machine 127.0.0.1 login {USER} password "{PASSWORD}"\n', encoding="utf-8")
    netrc.chmod(0o600)
    cache = cache_dir / "cache"
    arguments = ("private-app", "--index-url", pypiserver.url, "--cache-dir", cache)
    done = nogilcheck(*arguments, env={**variables, "NETRC": str(netrc)})
    assert done.returncode == 1, done.stderr
    assert "private-lib 1.0" in done.stdout
    assert_no_trace(done.stdout + done.stderr, cache)


def test_several_servers_at_once(
    pypiserver: Server, devpi: Server, proxpi: Server, cache_dir: Path, variables: dict[str, str]
) -> None:
    """Each of them has both projects, which is worth a warning where versions are merged."""
    urls = ("--index-url", pypiserver.private_url, "--extra-index-url", devpi.url, "--extra-index-url", proxpi.url)
    done = nogilcheck("private-app", *urls, "--cache-dir", cache_dir, env=variables)
    assert done.returncode == 1, done.stderr
    assert_no_trace(done.stdout + done.stderr, cache_dir)
