"""What pip itself would install: JSON cases on stdin, JSON answers on stdout.

Run as a program by an interpreter that has pip. Markers are evaluated for the target of each case instead of
that interpreter. Nothing is built: every case is asked with ``--only-binary :all:``. A case with ``variables`` is
asked as a user's pip is, which obeys them; one without ``index`` has it among them.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pip._internal.commands import create_command
from pip._vendor.packaging import markers

CRASHED = 2
"""pip's exit status for an error that it did not foresee."""


def ask(case: dict[str, Any], directory: Path) -> dict[str, Any]:
    report = directory / "report.json"
    platforms = [part for platform in case["platforms"] for part in ("--platform", platform)]
    arguments = [
        *("--dry-run", "--ignore-installed", "--quiet", "--quiet", "--quiet", "--report", str(report)),
        *("--only-binary", ":all:", "--implementation", "cp", "--python-version", case["python"], "--abi", case["abi"]),
        *platforms,
        *("--no-cache-dir", "--disable-pip-version-check", "--no-input", "--retries", "0"),
        *(("--index-url", case["index"]) if case["index"] else ()),
        *("--target", str(directory / "target")),
        *case["arguments"],
    ]
    variables = case.get("variables", {})
    with (
        patch.dict(os.environ, variables),
        patch.object(markers, "default_environment", lambda: dict(case["environment"])),
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()) as errors,
    ):
        status = create_command("install", isolated=not variables).main(arguments)
    if status:
        return {"error": errors.getvalue(), "crashed": status == CRASHED}
    return {
        "chosen": {
            item["metadata"]["name"]: [item["metadata"]["version"], item["download_info"]["url"].rpartition("/")[2]]
            for item in json.loads(report.read_text(encoding="utf-8"))["install"]
        }
    }


if __name__ == "__main__":
    answers = []
    for question in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as temporary:
            answers.append(ask(question, Path(temporary)))
    json.dump(answers, sys.stdout)
