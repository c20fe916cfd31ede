"""Well-known stacks on the real index of today. Opt in: ``make test-live``.

The index moves: what changed since the recording is printed. Only where pip says otherwise at the same moment is it a
failure.
"""

from __future__ import annotations

import pytest

from nogilcheck.model.options import DEFAULT_INDEX_URL
from tests.support.pip_oracle import require_pip
from tests.support.stacks import differences, our_answers, pip_answers, recorded_answers, recording_date

pytestmark = pytest.mark.live


def test_pip_says_the_same_today(capsys: pytest.CaptureFixture[str]) -> None:
    require_pip()
    ours = our_answers(DEFAULT_INDEX_URL)
    drift = list(differences(recorded_answers(), ours))
    with capsys.disabled():
        print(f"\n\nThe stacks since {recording_date()}:", *(drift or ["nothing changed"]), sep="\n")
    disagreement = list(differences(pip_answers(DEFAULT_INDEX_URL, ours), ours, titles=("pip", "nogilcheck")))
    assert disagreement == [], "\n".join(["run this again: the index may have moved in between", *disagreement])
