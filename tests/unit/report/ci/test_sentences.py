"""What programs show to people stands alone: complete sentences, as nothing stands beside them."""

from __future__ import annotations

import json
import re

import pytest

from nogilcheck.report.ci import gitlab, sarif
from nogilcheck.report.entries import entries
from tests.support.reports import AIRFLOW, SCIENCE, World


@pytest.mark.parametrize("world", [AIRFLOW, SCIENCE], ids=["airflow", "science"])
def test_messages_are_complete_sentences(world: World) -> None:
    report = world.report()
    results = json.loads(sarif.render(report))["runs"][0]["results"]
    messages = [result["message"]["text"] for result in results]
    messages += [entry["description"] for entry in json.loads(gitlab.render(report))]
    assert messages
    for entry, message in zip(entries(report), messages, strict=False):
        assert message.startswith(entry.headline)
        assert message.endswith(".")
        assert not message.endswith("..")
        for remark in entry.remarks:
            assert re.search(rf"\. {re.escape(remark[:1].upper() + remark[1:])}\.(?: |$)", message)
