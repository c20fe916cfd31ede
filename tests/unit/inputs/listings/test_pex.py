from __future__ import annotations

import json

import pytest

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.formats import format_of_content
from tests.unit.inputs.lockfiles import LOCKS, asked, complaints, content_of, entry, fixture, lock_of


def test_a_real_lock() -> None:
    content = fixture("pex", "pex.lock")
    assert content.unread == ()
    assert asked(content) == ["grpcio", "numpy", "psycopg[binary]", "requests"]
    assert {file.tags[0].split("-")[0] if file.tags else "sdist" for file in entry(content, "requests").files} >= {
        "sdist"
    }
    assert entry(content, "psycopg-binary").files
    assert content.bounds
    assert content.bounds.environments == ('python_full_version == "3.11.*"',)


@pytest.mark.parametrize(
    ("constraints", "environments", "builds"),
    [
        (["CPython+t==3.14.*"], ('python_full_version == "3.14.*"',), (True,)),
        (["CPython[gil]"], ('implementation_name == "cpython"',), (False,)),
        (
            ["CPython==3.14.*", "PyPy"],
            ('python_full_version == "3.14.*"', 'implementation_name == "pypy"'),
            (None, None),
        ),
        (["==3.14.*", ""], (), ()),
    ],
)
def test_constraints_name_a_build(
    constraints: list[str], environments: tuple[str, ...], builds: tuple[bool | None, ...]
) -> None:
    bounds = content_of(json.dumps({"locked_resolves": [], "requires_python": constraints}), "pex.lock").bounds
    assert bounds
    assert (bounds.environments, bounds.free_threaded) == (environments, builds)


def test_comments_above_it_as_pants_writes_them() -> None:
    text = (LOCKS / "pex/pex.lock").read_text(encoding="utf-8")
    commented = "// To regenerate: pants generate-lockfiles\n//\n" + text
    form = format_of_content(commented.encode())
    assert form
    assert form.name == "pex.lock"
    first, second = (entry(content_of(one, "pex.lock"), "numpy").location.line for one in (text, commented))
    assert first
    assert second == first + 2


def lock(*, requires: list[str], **told: object) -> Content:
    """A lock of ``app`` and ``kept``, as ``pex3 lock create`` 2.105 writes it."""
    artifact = {"url": "https://h/kept-1-py3-none-any.whl", "algorithm": "sha256", "hash": "0"}
    rows = [
        {"project_name": name, "version": "1", "requires_dists": needs, "artifacts": [artifact]}
        for name, needs in (("app", requires), ("kept", []))
    ]
    document = {"requirements": ["app"], "locked_resolves": [{"locked_requirements": rows}], **told}
    return content_of(json.dumps(document, indent=1), "pex.lock")


def test_what_the_lock_excludes_is_noted_and_never_an_entry_that_it_has() -> None:
    content = lock(requires=["gone>=1", "kept"], excluded=["gone", "kept>9"], transitive=True)
    assert [need.name for need in entry(content, "app").dependencies] == ["kept"]
    assert content.unread == ()
    assert "the lock excludes gone: not checked" in content.notes[0]


def test_a_lock_without_what_its_requirements_require_is_unknown_once() -> None:
    content = lock(requires=["gone>=1", "further", "kept"], transitive=False)
    assert [need.name for need in entry(content, "app").dependencies] == ["kept"]
    assert [text.partition(" (")[0] for _, text in complaints(content)] == [
        "the lock leaves out what its requirements require"
    ]


def test_overrides_stand_in_the_place_of_requirements() -> None:
    content = lock(requires=["old<2; extra == 'x'", "kept==0"], overridden=["kept[y]<2", "old>3", "old=new>3"])
    found = [(need.name, need.specifier, need.extras, need.extra) for need in entry(content, "app").dependencies]
    assert found == [("old", ">3", (), "x"), ("kept", "<2", ("y",), None)]
    assert [root.requirement for root in lock_of(content).overrides] == ["kept[y]<2", "old>3"]
    assert [text.rpartition(": ")[2] for _, text in complaints(content)] == ["old=new>3"]
