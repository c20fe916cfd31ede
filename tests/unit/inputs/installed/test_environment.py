from __future__ import annotations

import json
from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.installed import environment as installed
from nogilcheck.inputs.installed.environment import read_environment
from nogilcheck.inputs.text.evidence import Evidence
from nogilcheck.inputs.text.input_fingerprint import current
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import entry, lock_of

POSIX = Path("venv/lib/python3.14t/site-packages")


def install(
    name: str, *fields: str, version: str = "1.0", requested: bool = False, origin: object = None, site: Path = POSIX
) -> Path:
    """A distribution, as pip leaves it behind."""
    place = site / f"{name}-{version}.dist-info"
    place.mkdir(parents=True)
    lines = ["Metadata-Version: 2.4", f"Name: {name}", f"Version: {version}", *fields, "", "Requires-Dist: text"]
    (place / "METADATA").write_text("\n".join(lines), encoding="utf-8")
    if requested:
        (place / "REQUESTED").touch()
    if origin is not None:
        (place / "direct_url.json").write_text(json.dumps(origin), encoding="utf-8")
    return place


def read(path: str = "venv") -> Content:
    return read_environment(str(Path(path).absolute()), path, Evidence())


def roots(content: Content) -> list[str]:
    return sorted(str(root.name) for root in lock_of(content).roots)


def test_what_was_requested_and_what_nothing_requires_are_the_roots() -> None:
    install("App", "Requires-Dist: lib[fast]>=1", "Requires-Dist: odd; extra == 'odd'", requested=True)
    install("lib", "Requires-Dist: quick; extra == 'fast' and os_name != 'x'", requested=True)
    install("quick")
    install("odd")
    install("pip", requested=True)
    install("setuptools")
    content = read()
    assert content.unread == ()
    assert roots(content) == ["app", "lib", "odd"]
    (quick,) = entry(content, "lib").dependencies
    assert (quick.name, quick.extra, quick.marker) == ("quick", "fast", 'os_name != "x"')
    app = entry(content, "app")
    assert str(app.location) == f"{POSIX / 'App-1.0.dist-info' / 'METADATA'}:3"
    assert (app.files_known, app.hashes, app.files) == (False, (), ())
    assert [(each.name, each.specifier, each.extras) for each in app.dependencies[:1]] == [("lib", ">=1", ("fast",))]


@pytest.mark.parametrize("version", ["version = 3.11.7", "version_info = 3.11.7.final.0", None])
def test_a_requirement_that_did_not_hold_there_is_no_reason(version: str | None) -> None:
    site = POSIX if version else Path("venv/lib/python3.11/site-packages")
    install("app", "Requires-Dist: lib; implementation_name == 'pypy'", site=site)
    install("lib", "Requires-Dist: old; python_version < '3.14'", site=site)
    install("old", site=site)
    if version:
        Path("venv/pyvenv.cfg").write_text(f"home = /usr/bin\n{version}\n", encoding="utf-8")
    assert roots(read()) == ["app", "lib"]


def test_installers_are_followed_where_something_requires_them() -> None:
    install("app", "Requires-Dist: setuptools>=60", "Requires-Python: >=3.9")
    install("setuptools")
    content = read()
    assert roots(content) == ["app"]
    assert entry(content, "app").requires_python == ">=3.9"
    assert entry(content, "setuptools").version == "1.0"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, (LockedSource.INDEX, "")),
        (
            {"url": "https://me:secret@example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
            (LockedSource.VCS, "git+https://example.org/a.git@abc"),
        ),
        ({"url": "file:///src/a", "dir_info": {"editable": True}}, (LockedSource.PATH, "file:///src/a")),
        (
            {"url": "https://example.org/a-1.0.tar.gz", "archive_info": {}},
            (LockedSource.URL, "https://example.org/a-1.0.tar.gz"),
        ),
        ({"url": "file:///a-1.0.tar.gz", "archive_info": {}}, (LockedSource.PATH, "file:///a-1.0.tar.gz")),
        ([], (LockedSource.INDEX, "")),
    ],
)
def test_where_it_came_from(origin: object, expected: tuple[LockedSource, str]) -> None:
    install("a", origin=origin)
    found = entry(read(), "a")
    assert (found.source, found.reference) == expected


@pytest.mark.parametrize(
    ("path", "site"),
    [
        ("venv", Path("venv/lib/python3.13/site-packages")),
        ("venv", Path("venv/lib64/python3.13/site-packages")),
        ("venv", Path("venv/Lib/site-packages")),
        ("venv/lib/python3.13/site-packages", Path("venv/lib/python3.13/site-packages")),
        ("dist-packages", Path("dist-packages")),
        ("anywhere", Path("anywhere")),
    ],
)
def test_layouts(path: str, site: Path) -> None:
    install("a", site=site)
    assert roots(read(path)) == ["a"]


def test_lib64_that_is_lib_counts_once() -> None:
    install("a")
    Path("venv/lib64").symlink_to("lib")
    assert [str(root.location) for root in lock_of(read()).roots] == [f"{POSIX / 'a-1.0.dist-info' / 'METADATA'}:3"]


def test_old_metadata() -> None:
    POSIX.mkdir(parents=True)
    directory = POSIX / "a-1.0.egg-info"
    directory.mkdir()
    (directory / "PKG-INFO").write_text("Metadata-Version: 1.1\nName: a\nVersion: 1.0\n", encoding="utf-8")
    (POSIX / "b-2.0.egg-info").write_text("Metadata-Version: 1.1\nName: b\nVersion: 2.0\n", encoding="utf-8")
    (POSIX / "c.egg-link").write_text("/src/c\n", encoding="utf-8")
    content = read()
    assert [(each.name, each.version) for each in lock_of(content).distributions] == [("a", "1.0"), ("b", "2.0")]
    (problem,) = content.unread
    assert problem.location.path == str(POSIX / "c.egg-link")


def test_broken_metadata_is_told_and_the_rest_counts() -> None:
    install("good", "Requires-Dist: fine", "Requires-Dist: not fine ==")
    (POSIX / "empty-1.0.dist-info").mkdir()
    (POSIX / "nameless-1.0.dist-info").mkdir()
    (POSIX / "nameless-1.0.dist-info" / "METADATA").write_bytes(b"\xff\xfe\0\0")
    place = install("versionless", version="x y")
    bad = install("origin")
    (bad / "direct_url.json").write_text("{", encoding="utf-8")
    content = read()
    assert roots(content) == ["good"]
    assert [each.name for each in entry(content, "good").dependencies] == ["fine"]
    assert {Path(problem.location.path).name for problem in content.unread} == {
        "METADATA",
        "empty-1.0.dist-info",
        "nameless-1.0.dist-info",
        place.name,
        bad.name,
    }


def test_what_is_left_of_a_failed_update_is_ignored_and_told() -> None:
    install("a")
    install("~a", version="0.9")
    content = read()
    assert roots(content) == ["a"]
    (note,) = content.notes
    assert "~a-0.9.dist-info" in note


def test_distributions_of_the_base_are_told() -> None:
    install("a")
    Path("venv/pyvenv.cfg").write_text("home = /usr\ninclude-system-site-packages = True\n", encoding="utf-8")
    (note,) = read().notes
    assert "not checked" in note


def test_too_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installed, "MAX_DISTRIBUTIONS", 2)
    for name in "abc":
        install(name)
    content = read()
    assert roots(content) == ["a", "b"]
    assert len(content.unread) == 1


@pytest.mark.parametrize("path", ["nowhere", ".", "file"])
def test_what_is_no_environment(path: str) -> None:
    Path("file").touch()
    with pytest.raises(UnreadableSourceError, match="not an installed environment"):
        read(path)


@pytest.mark.parametrize("change", ["another", "other-metadata", "removed"])
def test_what_is_installed_is_witnessed(change: str) -> None:
    install("a")
    evidence = Evidence()
    read_environment(str(Path("venv").absolute()), "venv", evidence)
    witnesses = evidence.witnesses() or ()
    assert all(current(one) == one for one in witnesses)
    (place,) = Path("venv").rglob("a-*.dist-info")
    if change == "another":
        install("b")
    elif change == "other-metadata":
        metadata = place / "METADATA"
        metadata.write_text(metadata.read_text(encoding="utf-8") + "Requires-Dist: b\n", encoding="utf-8")
    else:
        place.rename("elsewhere")
    assert any(current(one) != one for one in witnesses)
