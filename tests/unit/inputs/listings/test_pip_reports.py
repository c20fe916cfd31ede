from __future__ import annotations

import json

import pytest

from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import ENVIRONMENT
from tests.unit.inputs.lockfiles import LOCKS, asked, content_of, entry, lock_of

LISTINGS = LOCKS.parent / "listings"


def test_a_report_names_one_file_of_which_only_a_wheel_for_all_is_taken() -> None:
    content = content_of((LISTINGS / "pip-report.json").read_text(encoding="utf-8"), "pip-report")
    assert asked(content) == ["requests==2.34.2", "psycopg[binary]==3.3.9", "grpcio==1.85.3"]
    assert entry(content, "requests").files_known
    assert not entry(content, "grpcio").files_known, "what is there for other builds only the index tells"


def test_an_inspection_is_an_environment() -> None:
    content = content_of((LISTINGS / "pip-inspect.json").read_text(encoding="utf-8"), "pip-inspect")
    assert lock_of(content).kind == ENVIRONMENT
    assert "pip==26.3" not in asked(content)
    assert entry(content, "pip").version == "26.3"


@pytest.mark.parametrize("version", ["2", 1, None])
def test_another_version_is_refused(version: object) -> None:
    text = '{"version": %s, "installed": []}' % ("null" if version is None else f'"{version}"' if version == "2" else 1)
    with pytest.raises(UnreadableSourceError, match="is not supported"):
        content_of(text, "pip-inspect")


def test_a_requirement_that_did_not_hold_there_is_no_reason() -> None:
    metadata = [
        {
            "name": "app",
            "version": "1",
            "requires_dist": ["lib; sys_platform == 'win32'", "tool; python_version < '3'"],
        },
        {"name": "lib", "version": "1"},
        {"name": "tool", "version": "1"},
    ]
    document = {
        "version": "1",
        "installed": [{"metadata": one} for one in metadata],
        "environment": {"sys_platform": "win32", "python_version": "3.12"},
    }
    assert asked(content_of(json.dumps(document), "pip-inspect")) == ["app==1", "tool==1"]
