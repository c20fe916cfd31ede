"""Fixtures for every test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from nogilcheck.index.http import plain_client, retrying_transport
from nogilcheck.model.credentials import secrets
from tests.support.judging import Here
from tests.world import CANARY, SHAPES, Shape

# The same examples in every run, however slow the machine; ``HYPOTHESIS_PROFILE=explore`` looks for new ones.
settings.register_profile("default", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

_PREFIXES = ("PIP_", "UV_", "NOGILCHECK_", "GITHUB_", "GITLAB_")
_NAMES = frozenset(
    {"CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS",
     "LINES", "VIRTUAL_ENV", "CONDA_PREFIX", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"}
)  # fmt: skip
_HOMES = ("HOME", "USERPROFILE")
_IN_HOME = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_CONFIG_DIRS": ".config-of-all",
    "XDG_DATA_HOME": ".local/share",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "NETRC": "there-is-no-netrc",
}


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty home directory, and nothing of the machine's own settings.

    At the end the directory must show that no code of a fixture archive was run.
    """
    path = tmp_path_factory.mktemp("home")
    for name in os.environ:
        if name.startswith(_PREFIXES) or name in _NAMES or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)
    for name in _HOMES:
        monkeypatch.setenv(name, str(path))
    for name, below in _IN_HOME.items():
        monkeypatch.setenv(name, str(path / below))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)  # pip's way to say that no file is read, in /etc neither
    monkeypatch.setenv("UV_NO_CONFIG", "1")  # uv's
    yield path
    assert not (path / CANARY).exists(), f"third-party code was run: {(path / CANARY).read_text(encoding='utf-8')}"


@pytest.fixture(autouse=True)
def nothing_learned(monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret is known from another test."""
    for name in ("_everywhere", "_by_host", "_words"):
        monkeypatch.setattr(secrets, name, {})


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails is tried again at once."""
    monkeypatch.setattr(retrying_transport, "BACKOFF_SECONDS", 0.0)


@pytest.fixture
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty directory for the cache."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(params=["plain", "httpx"])
def either_client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once with the client for ordinary requests, once with that for all others."""
    if request.param == "httpx":
        monkeypatch.setattr(plain_client, "is_ordinary", lambda _: False)


@pytest.fixture
def judging_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Extension modules are judged in the process of the test."""
    monkeypatch.setattr("nogilcheck.jobs.scanning.analysis_workers.Isolated", Here)


@pytest.fixture(params=list(SHAPES.values()), ids=list(SHAPES))
def shape(request: pytest.FixtureRequest) -> Shape:
    """Each shape of index in turn."""
    chosen = request.param
    assert isinstance(chosen, Shape)
    return chosen
