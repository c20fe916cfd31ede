from __future__ import annotations

import json

import pytest

from nogilcheck.inputs.formats import format_of_content
from tests.unit.inputs.lockfiles import LOCKS, asked, content_of, entry, fixture


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
