from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.text.sources import UnreadableSourceError
from tests.unit.inputs.lockfiles import content_of


def read(text: str) -> Content:
    return content_of(text, "environment.yml")


def found(content: Content) -> list[tuple[str, int | None]]:
    return [(root.requirement, root.location.line) for root in content.roots]


EXPORTED = """\
# as conda env export has it
name: demo
channels:
- conda-forge
- nodefaults
dependencies:
- python=3.14
- conda-forge::numpy=2.1.0=py314h0
- "scipy >=1"   # slow
- pip
- pip:
  - requests==2.32.3
  - 'psycopg[binary]>=3.2'  # database
  - "orjson>=3.10; python_version < '3.15'"
variables:
  A: b
prefix: /opt/conda/envs/demo
"""


def not_checked(content: Content) -> list[tuple[int | None, str]]:
    """What is fine, and not checked; nothing else is unread."""
    assert all(unread.needs_build for unread in content.unread)
    return [(unread.location.line, unread.text) for unread in content.unread]


def test_an_exported_environment() -> None:
    content = read(EXPORTED)
    assert found(content) == [
        ("requests==2.32.3", 12),
        ("psycopg[binary]>=3.2", 13),
        ("orjson>=3.10; python_version < '3.15'", 14),
    ]
    assert content.roots[1].extras == ("binary",)
    assert not_checked(content) == [
        (7, "python=3.14: the Python that conda takes is not checked"),
        (8, "2 conda packages are not checked: numpy, scipy"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n  - pip:\n      - a\n      - b\n",
        "dependencies:\n- pip:\n  - a\n  - b\n",
        "dependencies:\r\n- pip:\r\n  - a\r\n  - b\r\n",
        "---\ndependencies:\n  - pip: [a, 'b']\n",
        "dependencies:\n  -   pip:   # these\n\n      # and\n      - a\n      - b\n...\n# the end\n",
        '"dependencies" :\n  - "pip":\n    - a\n    - b',
        "dependencies:\n  - pip: [a,\n     b]\n",
    ],
)
def test_notations(text: str) -> None:
    content = read(text)
    assert ([root.name for root in content.roots], content.unread) == (["a", "b"], ())


def test_only_conda_packages() -> None:
    content = read("dependencies: [python=3.14, numpy, 'scipy>=1']\n")
    assert content.roots == ()
    assert not_checked(content) == [
        (1, "python=3.14: the Python that conda takes is not checked"),
        (1, "2 conda packages are not checked: numpy, scipy"),
    ]


def test_a_python_of_any_version_is_none_of_the_projects() -> None:
    assert read("dependencies: [python, pip>=25]\n").unread == ()


def test_an_empty_list() -> None:
    assert read("name: x\ndependencies:\n") == read("dependencies: []\n") == Content()


def test_a_requirements_file_beside_it_is_read() -> None:
    Path("more.txt").write_text("idna\n# x\n-r others.txt\n--pre\n", encoding="utf-8")
    content = read("dependencies:\n  - pip:\n    - -r more.txt\n    - --requirement=more.txt\n    - -r absent.txt\n")
    assert [(root.name, str(root.location)) for root in content.roots] == [("idna", "more.txt:1")]
    assert [str(problem.location) for problem in content.unread] == ["more.txt:3", "more.txt:4", "environment.yml:5"]


def test_options_paths_and_hashes() -> None:
    Path("local").mkdir()
    Path("local/pyproject.toml").touch()
    content = read(
        "dependencies:\n  - pip:\n    - --extra-index-url https://me:secret@example.org/simple\n    - -e ./local\n"
        f"    - a==1 --hash=sha256:{'a' * 64}\n    - x @ https://me:secret@example.org/x-1.0.tar.gz\n    - ./nowhere\n"
    )
    editable, hashed, url = content.roots
    assert editable.editable
    assert editable.url == Path("local").absolute().as_uri()
    assert hashed.hashes == ("sha256:" + "a" * 64,)
    assert url.name == "x"
    assert [problem.location.line for problem in content.unread] == [3, 7]
    assert "secret" not in repr((content.roots, content.notes, content.unread))


@pytest.mark.parametrize("option", ["-c c.txt", "--pre", "--no-index", "--no-binary a", "-i https://example.org"])
def test_an_option_that_pip_would_follow_is_not_passed_over(option: str) -> None:
    (problem,) = read(f"dependencies:\n  - pip:\n    - {option}\n    - a\n").unread
    assert problem.location.line == 3


def test_an_option_that_changes_nothing_is_a_note() -> None:
    content = read("dependencies:\n  - pip:\n    - --trusted-host example.org\n    - a\n")
    assert not content.unread
    assert content.notes


@pytest.mark.parametrize(
    ("item", "line"),
    [
        ("{a: b}", 2),
        ("&anchor a", 2),
        ("!tag a", 2),
        ("|\n    text", 2),
        ("other:\n    - a", 2),
        ("a: b", 2),
        ("a\n    continued", 2),
        ("[a]", 2),
        ("pip: a", 2),
        ("pip: {a: b}", 2),
        ("pip: [a, [b]]", 2),
        ("pip:\n    a", 2),
        ("pip:\n    - b\n      - c", 3),
        ("", 2),
    ],
)
def test_what_cannot_be_followed_is_told_with_its_line(item: str, line: int) -> None:
    content = read(f"dependencies:\n- {item}\n- pip: [good]\n")
    assert [problem.location.line for problem in content.unread] == [line]
    assert [root.name for root in content.roots if root.name == "good"] == ["good"]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- a\n", 1),
        ("name: x\n", None),
        ("", None),
        ("dependencies:\n\t- a\n", 2),
        ("dependencies:\n- *alias\n", 2),
        ("dependencies:\n- &anchor a\n- *anchor\n", 2),
        ('dependencies:\n- "unclosed\n', 2),
        ("dependencies: [a]\ndependencies: [b]\n", 2),
        ("dependencies: " + "[" * 5_000 + "]" * 5_000, None),
        ("just text\n", 1),
        ("dependencies:\n- a\n---\ndependencies:\n- b\n", 3),
    ],
)
def test_what_is_no_environment_file(text: str, line: int | None) -> None:
    with pytest.raises(UnreadableSourceError) as caught:
        read(text)
    assert caught.value.line == line


@pytest.mark.parametrize(
    "text",
    [
        "{dependencies: [{pip: [idna]}]}",
        "  dependencies:\n  - pip:\n    - idna\n",
        "%YAML 1.2\n---\ndependencies:\n- pip:\n  - >-\n    idna\n...\n",
        "dependencies:\n- pip: &names\n  - !!str idna # a comment\n",
    ],
)
def test_yaml_may_be_written_in_many_ways(text: str) -> None:
    content = read(text)
    assert [root.name for root in content.roots] == ["idna"]
    assert not content.unread
