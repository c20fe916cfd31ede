from __future__ import annotations

import pytest

from nogilcheck.model.source import COMMAND_LINE, STDIN
from nogilcheck.report.ci.repository_paths import is_absolute, repository_path


@pytest.mark.parametrize(
    ("path", "prefix", "found"),
    [
        ("r.txt", "", "r.txt"),
        ("./r.txt", "", "r.txt"),
        ("r.txt", "services/api", "services/api/r.txt"),
        ("../r.txt", "services/api", "services/r.txt"),
        ("sub/../r.txt", "", "r.txt"),
        ("sub\\r.txt", "", "sub/r.txt"),
        ("/srv/r.txt", "services", "/srv/r.txt"),
        ("C:\\srv\\r.txt", "services", "C:/srv/r.txt"),
        ("a\nb.txt", "", "a\\x0ab.txt"),
        (COMMAND_LINE, "x", None),
        (STDIN, "x", None),
        ("https://host/r.txt", "x", None),
        ("", "x", None),
    ],
)
def test_paths_lead_from_the_root_of_the_repository(path: str, prefix: str, found: str | None) -> None:
    assert repository_path(path, prefix) == found
    assert found is None or is_absolute(found) == found.startswith(("/", "C:"))
