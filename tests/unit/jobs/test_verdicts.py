from __future__ import annotations

from typing import Any, cast

import pytest
from packaging.version import Version

from nogilcheck.classify.decide import decide
from nogilcheck.jobs import verdicts as module
from nogilcheck.jobs.verdicts import Verdicts
from nogilcheck.model.graph import Node
from nogilcheck.model.verdict import Status
from nogilcheck.targets.builds import make_target
from tests.support.offers import wheel


def test_only_what_looks_alike_to_targets_is_decided_once(monkeypatch: pytest.MonkeyPatch) -> None:
    decided: list[tuple[str, str]] = []

    def watched(node: Node, target: Any, **others: Any) -> Any:
        decided.append((node.name, target.id))
        return decide(node, target, **others)

    monkeypatch.setattr(module, "decide", watched)
    offered = {
        "pure": [wheel("py3-none-any", "1.0", requires_python=">=3.15")],
        "compiled": [wheel("cp314-cp314t-win_amd64", "1.0"), wheel("py3-none-any", "1.0")],
    }
    nodes = {name: Node(name=name, version=Version("1.0"), files=tuple(files)) for name, files in offered.items()}
    builds = [("3.15t", "linux-x86_64"), ("3.15t", "windows-amd64"), ("3.14t", "linux-x86_64")]
    targets = [make_target(*build) for build in builds]
    verdicts = Verdicts()
    found = [verdicts.on(nodes, target, cast("Any", None), lambda _: None) for target in targets]
    assert [each["pure"].status for each in found] == [Status.PURE, Status.PURE, Status.UNAVAILABLE]
    assert [target for name, target in decided if name == "pure"] == [targets[0].id, targets[2].id]
    assert len([name for name, _ in decided if name == "compiled"]) == 3
