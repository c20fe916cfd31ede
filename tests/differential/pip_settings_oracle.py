"""What pip itself chooses with the settings of its environment: JSON cases on stdin, JSON answers on stdout.

Run as a program by an interpreter that has pip. A case is a directory and variables.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any
from unittest.mock import patch

from pip._internal.commands import commands_dict, create_command

FLAGS = ("--dry-run", "--ignore-installed", "--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-input")


def ask(case: dict[str, Any]) -> dict[str, Any]:
    report = Path(case["directory"], "report.json")
    arguments = [*FLAGS, "--retries", "0", "--report", str(report), "-r", "requirements.txt"]
    try:
        with (
            patch.dict(os.environ, case["variables"]),
            chdir(case["directory"]),
            redirect_stdout(StringIO()),
            redirect_stderr(StringIO()) as errors,
        ):
            status = create_command("install").main(arguments)
    except SystemExit as end:  # a value that the option parser refuses
        status = end.code or 1
    if status:
        return {"error": errors.getvalue()}
    installed = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {"versions": {item["metadata"]["name"]: item["metadata"]["version"] for item in installed}}


def options() -> dict[str, list[str]]:
    """Command -> its long options."""
    names = {}
    for name in commands_dict:
        parser = create_command(name).parser
        every = [*parser.option_list, *(option for group in parser.option_groups for option in group.option_list)]
        names[name] = sorted(long.removeprefix("--") for option in every for long in option._long_opts)
    return names


if __name__ == "__main__":
    question = json.load(sys.stdin)
    answer = options() if question == "options" else [ask(case) for case in question]
    json.dump(answer, sys.stdout)
