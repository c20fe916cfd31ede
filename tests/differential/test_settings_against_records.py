"""What we choose with a setting of uv, Poetry or PDM against what the tool chose with it when it was recorded.

``python -m tests.support.settings_tools`` records again; ``tests/integration/test_settings.py`` asks the tools.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.settings_cases import agrees, ours, served
from tests.support.settings_tools import CASES, recorded_answers, title


def test_each_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = recorded_answers()
    assert answers.keys() == {title(case) for case in CASES}
    for name in ("POETRY_CONFIG_DIR", "PDM_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    with served() as index:
        for number, case in enumerate(CASES):
            directory = tmp_path / str(number)
            case.write(directory, index.url)
            agrees(case, ours(case, directory, index.url, monkeypatch), answers[title(case)])
