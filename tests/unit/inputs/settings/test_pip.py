"""pip's files and variables, as pip 26.3 reads them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from nogilcheck.inputs.settings import pip as pip_configuration
from nogilcheck.inputs.settings.pip import PipConfiguration, read_pip_configuration
from nogilcheck.inputs.text.sources import SourceReader
from nogilcheck.model.source import IndexSettings
from tests.unit.inputs.reading import read, read_text

pytestmark = pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="the files are elsewhere")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """Where pip looks for its files, in its order; none of them is there."""
    monkeypatch.delenv("PIP_CONFIG_FILE")
    monkeypatch.setattr(pip_configuration, "GLOBAL_DIRECTORY", str(tmp_path / "etc"))
    for name in ("XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "HOME", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    return {
        "xdg": tmp_path / "xdg_config_dirs" / "pip" / "pip.conf",
        "etc": tmp_path / "etc" / "pip.conf",
        "legacy": tmp_path / "home" / ".pip" / "pip.conf",
        "user": tmp_path / "xdg_config_home" / "pip" / "pip.conf",
        "site": tmp_path / "virtual_env" / "pip.conf",
    }


def configure(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def configuration() -> PipConfiguration:
    return read_pip_configuration(SourceReader())


def settings() -> IndexSettings:
    found = configuration()
    assert found.unread == ()
    return found.settings


def test_nothing_is_said_by_default() -> None:
    assert configuration() == PipConfiguration()


def test_a_later_file_replaces_an_earlier_one(places: dict[str, Path]) -> None:
    for name, path in places.items():
        configure(path, f"[global]\nindex-url = https://{name}.test/\nextra-index-url = https://{name}-more.test/\n")
        assert settings().index_url == f"https://{name}.test/"
        assert settings().extra_index_urls == (f"https://{name}-more.test/",)


def test_a_file_that_is_named_comes_last_and_replaces_the_users(
    places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configure(places["etc"], "[global]\nindex-url = https://etc.test/\nfind-links = /etc-links\n")
    configure(places["user"], "[global]\nextra-index-url = https://user.test/\n")
    named = configure(tmp_path / "named.conf", "[global]\nindex-url = https://named.test/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(named))
    found = settings()
    assert (found.index_url, found.extra_index_urls, found.find_links) == ("https://named.test/", (), ("/etc-links",))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "nothing"))
    assert settings().extra_index_urls == ("https://user.test/",), "a file that is not there changes nothing"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    assert settings() == IndexSettings()


def test_install_goes_before_global_wherever_it_stands(places: dict[str, Path]) -> None:
    configure(places["etc"], "[install]\nindex-url = https://install.test/\n")
    configure(places["site"], "[global]\nindex-url = https://global.test/\n[list]\nindex-url = https://list.test/\n")
    assert settings().index_url == "https://install.test/"


def test_variables_go_before_files(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    configure(
        places["user"],
        "[global]\nindex_url = https://a.test/\nno-index = yes\n"
        "--extra-index-url =\n  https://b.test/\n  https://c.test/\n",
    )
    found = settings()
    assert (found.index_url, found.extra_index_urls) == ("https://a.test/", ("https://b.test/", "https://c.test/"))
    assert found.no_index
    monkeypatch.setenv("PIP_INDEX_URL", "https://d.test/")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "https://e.test/ https://f.test/")
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    found = settings()
    assert (found.index_url, found.extra_index_urls) == ("https://d.test/", ("https://e.test/", "https://f.test/"))
    assert not found.no_index


def test_what_is_admitted(places: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    configure(places["user"], "[install]\npre = true\nonly-binary = :all:\n")
    monkeypatch.setenv("PIP_NO_BINARY", "A_b")
    found = read_text("a\n").settings
    assert (found.pre, found.only_binary, found.no_binary) == (True, frozenset({":all:"}), frozenset({"a-b"}))
    monkeypatch.setenv("PIP_REQUIRE_HASHES", "1")
    assert settings().require_hashes


@pytest.mark.parametrize(
    ("text", "line"),
    [("index-url = x\n", 1), ("[global]\nhunter2 and more\n", 2), ("[global]\n[global]\n", 2)],
)
def test_a_file_that_is_none_is_told_without_what_is_in_it(places: dict[str, Path], text: str, line: int) -> None:
    path = configure(places["user"], text)
    (unread,) = read("numpy").unread
    assert unread.location.path == str(path)
    assert unread.location.line in {line, None}
    assert "hunter2" not in unread.text


def test_bytes_that_are_no_text(places: dict[str, Path]) -> None:
    configure(places["user"], "").write_bytes(b"[global]\n\xff\n")
    (unread,) = configuration().unread
    assert unread.location.line == 2


def test_neither_yes_nor_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "perhaps")
    (unread,) = configuration().unread
    assert unread.location.path == "PIP_NO_INDEX"
    assert "perhaps" not in unread.text


def test_everything_that_was_looked_at_is_witnessed(places: dict[str, Path]) -> None:
    witnesses = read("numpy").witnesses
    assert witnesses is not None
    seen = {(witness.kind, witness.name) for witness in witnesses}
    assert {("file", str(path)) for path in places.values()} <= seen
    assert {("variable", name) for name in ("PIP_INDEX_URL", "PIP_CONFIG_FILE", "UV_INDEX", "VIRTUAL_ENV")} <= seen
