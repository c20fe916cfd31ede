from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import LOCKS, content_of, dependency, entry, fixture, lock_of, parts, places

SAMPLE = {"": {"requests", "psycopg"}, "fast": {"orjson"}, "dev": {"pytest"}}
METADATA = '[metadata]\nlock_version = "4.5.0"\n'


def read(*packages: str, metadata: str = METADATA) -> Content:
    return content_of(metadata + "".join(packages), "pdm.lock")


def package(name: str, *lines: str, version: str = "1.0") -> str:
    return "\n".join(["[[package]]", f'name = "{name}"', f'version = "{version}"', *lines, ""])


def test_the_project_beside_it_tells_the_roots_and_their_places() -> None:
    content = fixture("pdm/project", "pdm.lock")
    assert (content.unread, content.notes) == ((), ())
    assert parts(content) == SAMPLE
    assert {root.group: root.kind for root in lock_of(content).roots} == {None: "", "fast": "extra", "dev": "group"}
    assert (content.extras, content.groups) == (("fast",), ("dev",))
    assert places(lock_of(content).roots)["orjson"] == "pyproject.toml:9"


def test_without_a_project_extras_are_groups() -> None:
    content = fixture("pdm/project", "pdm.lock", alone=True)
    conditional = {"typing-extensions", "tzdata"}
    assert parts(content) == SAMPLE | {
        "": {"requests", "psycopg", "psycopg-binary", *conditional},
        "dev": {"pytest", "colorama"},
    }
    assert all(root.marker for root in lock_of(content).roots if root.name in {*conditional, "colorama"})
    assert {root.group: root.kind for root in lock_of(content).roots} == {None: "", "fast": "group", "dev": "group"}
    assert (content.extras, content.groups) == ((), ("dev", "fast"))


def test_what_is_required_on_a_condition_may_be_asked_for_as_well() -> None:
    content = read(
        package("pyzmq", "dependencies = [\"cffi; implementation_name == 'pypy'\"]"),
        package("cffi"),
        metadata=METADATA + 'strategy = ["inherit_metadata"]\n',
    )
    assert parts(content)[""] == {"pyzmq", "cffi"}


def test_entries_for_extras_are_dependencies_of_the_entry_without() -> None:
    content = fixture("pdm/project", "pdm.lock")
    binary = dependency(content, "psycopg", "psycopg-binary")
    assert (binary.extra, binary.specifier, binary.marker) == ("binary", "==3.3.9", 'implementation_name != "pypy"')
    assert dependency(content, "psycopg", "typing-extensions").extra is None
    assert "psycopg" not in {each.name for each in entry(content, "psycopg").dependencies}


def test_files_and_bounds_of_a_real_lock() -> None:
    content = fixture("pdm/project", "pdm.lock")
    orjson = entry(content, "orjson")
    assert orjson.files_known
    assert "orjson-3.13.0.tar.gz" in {file.filename for file in orjson.files}
    text = (LOCKS / "pdm/project/pdm.lock").read_text(encoding="utf-8").splitlines()
    assert orjson.location.line is not None
    assert text[orjson.location.line] == 'name = "orjson"'
    assert content.bounds is not None
    assert content.bounds.requires_python == "~=3.11"
    assert content.bounds.location.line is not None
    assert "requires_python" in text[content.bounds.location.line - 1]


def test_what_several_extras_bring_together() -> None:
    content = read(
        package("a", 'groups = ["default"]'),
        package("a", 'groups = ["default"]', 'extras = ["x"]', 'dependencies = ["a==1.0", "one"]'),
        package("a", 'groups = ["default"]', 'extras = ["x", "y"]', 'dependencies = ["a==1.0", "one", "two"]'),
        package("one", 'groups = ["default"]'),
        package("two", 'groups = ["default"]'),
    )
    assert [(each.name, each.extra) for each in entry(content, "a").dependencies] == [("one", "x"), ("two", "y")]


def test_the_same_version_for_several_targets_is_one_entry() -> None:
    content = read(package("a", "marker = \"os_name == 'nt'\""), package("a", "marker = \"os_name == 'posix'\""))
    assert entry(content, "a").marker == '(os_name == "nt") or (os_name == "posix")'


def test_sources() -> None:
    content = read(
        package("g", 'git = "https://me:secret@example.org/g.git"', 'ref = "main"', 'revision = "abc"'),
        package("u", 'url = "https://example.org/u-1.0.tar.gz"'),
        package("p", 'path = "./p"'),
        package(
            "i", f'files = [{{url = "https://example.org/f/i-1.0-py3-none-any.whl#x", hash = "sha256:{"a" * 64}"}}]'
        ),
        package("bare"),
    )
    found = {each.name: (each.source, each.reference) for each in lock_of(content).distributions}
    assert found == {
        "g": (LockedSource.VCS, "git+https://example.org/g.git@abc"),
        "u": (LockedSource.URL, "https://example.org/u-1.0.tar.gz"),
        "p": (LockedSource.PATH, "./p"),
        "i": (LockedSource.INDEX, ""),
        "bare": (LockedSource.INDEX, ""),
    }
    assert [file.filename for file in entry(content, "i").files] == ["i-1.0-py3-none-any.whl"]
    assert not entry(content, "bare").files_known


def test_files_of_all_in_the_metadata_before_4_3() -> None:
    metadata = (
        '[metadata]\nlock_version = "4.2"\n[metadata.files]\n"a 1.0" = [{file = "a-1.0.tar.gz", hash = "sha256:x"}]\n'
    )
    content = read(package("a"), metadata=metadata)
    assert [file.filename for file in entry(content, "a").files] == ["a-1.0.tar.gz"]
    assert content.notes == ()


def test_targets_are_the_environments_of_the_lock() -> None:
    metadata = METADATA + (
        '[[metadata.targets]]\nrequires_python = ">=3.12,<3.14"\nplatform = "manylinux_2_28_x86_64"\n'
        'implementation = "cpython"\ngil_disabled = false\n'
        '[[metadata.targets]]\nrequires_python = "==3.13.*"\nplatform = "windows_amd64"\n'
        '[[metadata.targets]]\nrequires_python = "*"\nplatform = "macos_14_0_arm64"\n'
        '[[metadata.targets]]\nplatform = "alpine"\n'
    )
    bounds = read(package("a"), metadata=metadata).bounds
    assert bounds is not None
    assert bounds.environments == (
        (
            'python_full_version < "3.14" and python_full_version >= "3.12" and sys_platform == "linux" and '
            'platform_machine == "x86_64" and implementation_name == "cpython"'
        ),
        'python_full_version == "3.13.*" and sys_platform == "win32" and platform_machine == "AMD64"',
        'sys_platform == "darwin" and platform_machine == "arm64"',
        'sys_platform == "linux" and platform_machine == "x86_64"',
    )
    assert bounds.free_threaded == (False, None, None, None)


@pytest.mark.parametrize("target", ['requires_python = "*"', ""])
def test_a_target_for_everything_is_no_limit(target: str) -> None:
    other = '[[metadata.targets]]\nplatform = "linux"\n'
    content = read(package("a"), metadata=f"{METADATA}[[metadata.targets]]\n{target}\n{other}")
    assert (content.bounds, content.unread) == (None, ())


@pytest.mark.parametrize(
    "target", ['platform = "amiga"', "platform = 3", 'requires_python = "x"', 'implementation = "A B"']
)
def test_a_target_that_cannot_be_read_is_told(target: str) -> None:
    content = read(package("a"), metadata=f"{METADATA}[[metadata.targets]]\n{target}\n")
    assert content.bounds is None
    assert [problem.location.line for problem in content.unread] == [3]


def test_a_dependency_that_cannot_be_read_is_told_with_its_line() -> None:
    content = read(package("a", "dependencies = [", '    "b",', '    "c ==",', '    "d; os_name ==",', "    1,", "]"))
    assert [problem.location.line for problem in content.unread] == [8, 9, 10]
    assert [each.name for each in entry(content, "a").dependencies] == ["b"]


def test_another_major_version() -> None:
    with pytest.raises(UnreadableSourceError, match=r"'5\.0' is not supported \(supported: 4\.x\)") as caught:
        read(package("a"), metadata='[metadata]\nlock_version = "5.0"\n')
    assert caught.value.line == 2


@pytest.mark.parametrize(
    "text", ["", package("a"), '[metadata]\nlock-version = "2.1"\n' + package("a"), "metadata = 1\n"]
)
def test_what_is_no_lock_of_pdm(text: str) -> None:
    with pytest.raises(UnreadableSourceError, match="not a lock file of PDM"):
        content_of(text, "pdm.lock")


def test_a_project_beside_it_tells_extras_from_groups() -> None:
    Path("pyproject.toml").write_text(
        '[project]\nname = "x"\n[project.optional-dependencies]\nfast = ["known"]\n', encoding="utf-8"
    )
    content = read(
        package("known", 'groups = ["fast"]'), package("stale", 'groups = ["fast"]'), package("d", 'groups = ["dev"]')
    )
    assert {(root.name, root.group, root.kind) for root in lock_of(content).roots} == {
        ("known", "fast", "extra"),
        ("stale", "fast", "extra"),
        ("d", "dev", "group"),
    }
