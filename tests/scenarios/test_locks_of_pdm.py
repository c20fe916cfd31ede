"""What PDM does with its lock on a free-threaded build; as seen with PDM 2.29.4 and dep-logic 0.7.2 on 3.14.7t."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.asking import check
from tests.support.statements import write

_HASH = "sha256:" + "00" * 32


def _lock(targets: str, *files: str) -> str:
    listed = ", ".join(f'{{file = "{file}", hash = "{_HASH}"}}' for file in files)
    return f"""\
[metadata]
groups = ["default"]
strategy = ["inherit_metadata"]
lock_version = "4.5.1"
content_hash = "sha256:00"

{targets}
[[package]]
name = "lib"
version = "1.0"
requires_python = ">=3.8"
groups = ["default"]
files = [{listed}]
"""


def _target(*lines: str) -> str:
    return "\n".join(("[[metadata.targets]]", *lines, ""))


_REGULAR = 'implementation = "cpython"\ngil_disabled = false'
_FREE = 'implementation = "cpython"\ngil_disabled = true'
_PURE = "lib-1.0-py3-none-any.whl"


class TestBuilds:
    """``pdm lock --implementation cpython`` on a regular build writes ``gil_disabled = false``."""

    @pytest.mark.parametrize(
        "targets",
        [
            _target('requires_python = ">=3.11"', _REGULAR),
            _target('requires_python = "*"', _REGULAR),
            _target('requires_python = ">=3.11"', 'implementation = "cpython"'),
            _target('requires_python = ">=3.11"', 'platform = "manylinux_2_28_x86_64"', _REGULAR),
            _target('requires_python = ">=3.11"', 'platform = "windows_amd64"', _FREE)
            + _target('requires_python = ">=3.11"', 'platform = "manylinux_2_28_x86_64"', _REGULAR),
            _target('requires_python = "<3.14"') + _target('requires_python = ">=3.14"', _REGULAR),
        ],
    )
    def test_a_lock_for_regular_builds_is_a_blocker_at_its_targets(self, targets: str, here: Path) -> None:
        write({"pdm.lock": _lock(targets, _PURE)}, here)
        answer = check()
        assert (answer.status, answer.blockers) == (1, {"pdm.lock": "pdm.lock:7"})
        (found,) = answer.report["findings"]
        assert found["status"] == "own-requires-python"
        assert check(python="3.14").status == 0

    @pytest.mark.parametrize(
        "targets",
        [
            _target('requires_python = ">=3.11"'),
            _target('requires_python = ">=3.11"', _FREE),
            _target('requires_python = ">=3.11"', _REGULAR) + _target('requires_python = ">=3.14"', _FREE),
            _target('requires_python = ">=3.11"', _REGULAR) + _target('requires_python = ">=3.14"'),
            _target('requires_python = ">=3.11"', "gil_disabled = false"),
        ],
    )
    def test_a_lock_for_both_or_for_free_threaded_builds(self, targets: str, here: Path) -> None:
        write({"pdm.lock": _lock(targets, _PURE)}, here)
        assert check().status == 0


class TestStableAbi:
    @pytest.mark.parametrize(
        ("tag", "python"), [("cp315-abi3.abi3t", "3.15t"), ("cp315-abi3t", "3.15t"), ("cp314-abi3t", "3.14t")]
    )
    def test_a_wheel_that_pdm_refuses_is_told(self, tag: str, python: str, here: Path) -> None:
        wheel = f"lib-1.0-{tag}-manylinux_2_28_x86_64.whl"
        write({"pdm.lock": _lock(_target('requires_python = ">=3.11"'), wheel)}, here)
        answer = check(python=python)
        assert answer.status == 3
        assert [text for _, text in answer.gaps if "PDM" in text and wheel in text]

    def test_a_wheel_of_the_version_is_no_matter(self, here: Path) -> None:
        wheels = [f"lib-1.0-{tag}-manylinux_2_28_x86_64.whl" for tag in ("cp315-abi3.abi3t", "cp315-cp315t")]
        write({"pdm.lock": _lock(_target('requires_python = ">=3.11"'), *wheels)}, here)
        assert check(python="3.15t").status == 0

    def test_others_take_it(self, here: Path) -> None:
        wheel = "lib-1.0-cp315-abi3.abi3t-manylinux_2_28_x86_64.whl"
        text = f"""\
lock-version = "1.0"
created-by = "tests"
[[packages]]
name = "lib"
version = "1.0"
wheels = [{{ url = "https://f.test/{wheel}", hashes = {{ sha256 = "00" }} }}]
"""
        write({"pylock.toml": text}, here)
        assert check(python="3.15t").status == 0
