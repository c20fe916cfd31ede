from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nogilcheck.inputs.specifiers import requirement as adapter
from nogilcheck.inputs.specifiers.requirement import (
    MAX_REQUIREMENT_LENGTH,
    ParsedRequirement,
    RejectedError,
    parse_editable,
    parse_requirement,
)
from tests.unit.inputs.reading import write

WHEEL = "foo_bar-1.0-py3-none-any.whl"


@pytest.fixture(autouse=True)
def files(here: Path) -> None:
    write(
        {
            "project/pyproject.toml": "",
            "legacy/setup.py": "",
            "empty/README": "",
            f"dist/{WHEEL}": "",
            "dist/b.tar.gz": "",
        }
    )
    write({"notes.txt": "", "dist/odd name#1.zip": ""})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NumPy", ParsedRequirement(name="numpy")),
        (
            "zope.interface[Test_A,b]>=1,<2",
            ParsedRequirement(name="zope-interface", specifier="<2,>=1", extras=("b", "test-a")),
        ),
        ("a (>=1)", ParsedRequirement(name="a", specifier=">=1")),
        ("a;python_version<'4'", ParsedRequirement(name="a", marker='python_version < "4"')),
        ("a ;", ParsedRequirement(name="a")),
        ("a @ https://u:p@h/x.zip", ParsedRequirement(name="a", url="https://h/x.zip", link="https://u:p@h/x.zip")),
        (
            "a[b] @ https://h/x;os_name=='x'",
            ParsedRequirement(name="a", extras=("b",), url="https://h/x", marker='os_name == "x"'),
        ),
        ("a @ https://h/x[c]", ParsedRequirement(name="a", extras=("c",), url="https://h/x[c]")),
        ("a @ ./x.whl", ParsedRequirement(name="a", url="./x.whl")),
        ("a @ git+ssh://git@h/x@v1", ParsedRequirement(name="a", url="git+ssh://h/x@v1", link="git+ssh://git@h/x@v1")),
        (f"https://h/{WHEEL}", ParsedRequirement(name="foo-bar", specifier="==1.0", url=f"https://h/{WHEEL}")),
        ("https://h/x.zip", ParsedRequirement(url="https://h/x.zip")),
        (
            "https://u:p@h/x#egg=A.b",
            ParsedRequirement(name="a-b", url="https://h/x#egg=A.b", link="https://u:p@h/x#egg=A.b"),
        ),
        ("https://h/x ; os_name=='x'", ParsedRequirement(url="https://h/x", marker='os_name == "x"')),
        ("git+https://h/x", ParsedRequirement(url="git+https://h/x")),
        ("http: https://u:p@h/x", ParsedRequirement(url="http: https://***@h/x", link="http: https://u:p@h/x")),
    ],
)
def test_requirements(text: str, expected: ParsedRequirement) -> None:
    assert parse_requirement(text) == expected


@pytest.mark.parametrize(
    ("text", "name", "extras", "path"),
    [
        ("./project", None, (), "project"),
        ("project/", None, (), "project"),
        ("./legacy[B,a]", None, ("a", "b"), "legacy"),
        (f"dist/{WHEEL}", "foo-bar", (), f"dist/{WHEEL}"),
        ("./dist/b.tar.gz[x]", None, ("x",), "dist/b.tar.gz"),
        ("./dist/odd name#1.zip", None, (), "dist/odd name#1.zip"),
    ],
)
def test_paths_become_file_urls(here: Path, text: str, name: str | None, extras: tuple[str, ...], path: str) -> None:
    parsed = parse_requirement(f"{text} ; os_name == 'x'")
    assert (parsed.name, parsed.extras, parsed.marker) == (name, extras, 'os_name == "x"')
    assert (parsed.url, parsed.local) == ((here / path).as_uri(), str(here / path))


def test_file_urls(here: Path) -> None:
    url = (here / "project").as_uri()
    assert parse_requirement(f"{url}#egg=a") == ParsedRequirement(
        name="a", url=f"{url}#egg=a", local=str(here / "project")
    )
    assert parse_requirement(f"{here.as_uri()}/empty/../project").url == url
    assert parse_requirement(f"a @ {url}") == ParsedRequirement(name="a", url=url, local=str(here / "project"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "a==1.x.y",
        "a ; nonsense",
        "a ; " + "(" * 1900 + "os_name == 'x'" + ")" * 1900,
        "https://h/x.whl",
        "http://[x",
    ],
)
def test_rejected_by_a_library(text: str) -> None:
    with pytest.raises(RejectedError) as caught:
        parse_requirement(text)
    assert caught.value.message, "whatever the library says"
    assert "\n" not in caught.value.message
    assert caught.value.hint is None


def test_what_a_library_cannot_read_for_its_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    def deep(text: str) -> None:
        raise RecursionError

    monkeypatch.setattr(adapter, "Marker", deep)
    with pytest.raises(RejectedError, match="the marker is nested too deeply"):
        parse_requirement("a ; os_name == 'x'")


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("a=1", "", "write =="),
        ("a" * (MAX_REQUIREMENT_LENGTH + 1), "more than 4096 characters", None),
        ("https://h/x#egg=y[z]", "egg=y[z] is not a project name", "NAME[EXTRA] @ URL"),
        ("a @ https://h/x#egg=y>=1", "egg=y>=1 is not a project name", "NAME[EXTRA] @ URL"),
        ("git+git@h:x/y", "no such file or directory", None),
        ("./nope", "no such file or directory", None),
        ("./nope.zip", "no such file", None),
        ("nope-1.0.whl", "no such file", None),
        ("./empty", "without pyproject.toml or setup.py", None),
        ("./notes.txt", "neither an archive nor a project directory", "-r ./notes.txt"),
        ("a @ file:///nope", "no such file or directory", "NAME==VERSION"),
        ("file://host/x.zip", "host", None),
    ],
)
def test_rejected(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(RejectedError) as caught:
        parse_requirement(text)
    assert message in caught.value.message
    assert "\n" not in caught.value.message
    assert (hint or "") in (caught.value.hint or "")


def test_a_missing_path_is_told_so_that_it_can_be_watched(here: Path) -> None:
    for text in ("./nope", "./nope.zip", "-e ./nope"):
        parse, target = (parse_editable, text[3:]) if text.startswith("-e") else (parse_requirement, text)
        with pytest.raises(RejectedError) as caught:
            parse(target)
        assert caught.value.local == str(here / target)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("git+https://h/x#egg=A", ParsedRequirement(name="a", url="git+https://h/x#egg=A")),
        ("git://h/x#egg=a", ParsedRequirement(name="a", url="git+git://h/x#egg=a")),
        (
            "a[b] @ git+https://h/x ; os_name=='x'",
            ParsedRequirement(name="a", extras=("b",), url="git+https://h/x", marker='os_name == "x"'),
        ),
    ],
)
def test_editable_urls(text: str, expected: ParsedRequirement) -> None:
    assert parse_editable(text) == expected


def test_editable_paths(here: Path) -> None:
    url = (here / "project").as_uri()
    assert parse_editable("project") == ParsedRequirement(url=url, local=str(here / "project"))
    assert parse_editable("./project[B,a]") == ParsedRequirement(
        url=url, extras=("a", "b"), local=str(here / "project")
    )
    assert parse_editable(f"{url}#egg=a") == ParsedRequirement(
        name="a", url=f"{url}#egg=a", local=str(here / "project")
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("numpy", "neither a project directory nor a VCS URL"),
        ("https://h/x#egg=a", "neither a project directory nor a VCS URL"),
        ("a @ https://h/x", "neither a project directory nor a VCS URL"),
        ("hg://h/x#egg=a", "neither a project directory nor a VCS URL"),
        ("./notes.txt", "a file"),
        ("./empty", "without pyproject.toml"),
        ("git+https://h/x", "needs a name"),
        ("git+https://h/x#egg=a[b]", "not a project name"),
        ("", "without pyproject.toml"),
    ],
)
def test_editables_rejected(text: str, message: str) -> None:
    with pytest.raises(RejectedError, match=message):
        parse_editable(text)


def test_the_library_is_imported_for_urls_and_paths_only() -> None:
    code = (
        "import sys; from nogilcheck.inputs.specifiers.requirement import parse_requirement as parse\n"
        "parse('a[b]>=1; os_name == \"x\"'); parse('a @ https://h/x')\n"
        "assert 'pip_requirements_parser' not in sys.modules\n"
        "parse('https://h/x')\n"
        "assert 'pip_requirements_parser' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
