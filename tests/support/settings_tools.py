"""What uv, Poetry and PDM choose in the projects of `tests.support.settings_cases`, and what was recorded of it."""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from tests.support.installer_settings import DIRECTORY
from tests.support.settings_cases import PDM_CASES, POETRY_CASES, UV_CASES, Case, served
from tests.support.workshop import Workshop, run

CASES = (*UV_CASES, *POETRY_CASES, *PDM_CASES)

_RECORDED = DIRECTORY / "answers.json"

_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>\S+)", re.MULTILINE)

Versions = dict[str, str] | None
"""By project; ``None``: the tool refuses."""


def title(case: Case) -> str:
    """A name that no other case has."""
    return f"{case.way}: {case.name}"


def recorded_answers() -> Mapping[str, Versions]:
    """What the tools chose when they were asked last, by `title`."""
    answers: dict[str, Versions] = json.loads(_RECORDED.read_text(encoding="utf-8"))
    return answers


def answer_of_tool(workshop: Workshop, case: Case, directory: Path, index: str) -> Versions:
    """What the tool chooses in the directory of a case."""
    tool, _, command = case.way.partition(" ")
    environment = {name: value for name, value in workshop.environment.items() if name != "UV_NO_CONFIG"}
    environment |= {"HOME": str(directory.parent / "home"), "UV_CACHE_DIR": str(directory.parent / "uv")}
    for name in ("POETRY_CACHE_DIR", "PDM_CACHE_DIR"):
        environment[name] = str(directory.parent / name)
    environment |= case.environment(index)
    arguments = ["pip", "compile", "requirements.txt"] if command == "pip" else [command]
    program = workshop.scripts(tool) / tool
    done = run(program, *arguments, "--quiet", check=False, cwd=directory, env=environment)
    if done.returncode:
        return None
    if command == "pip":
        return {match["name"]: match["version"] for match in _PIN.finditer(done.stdout)}
    packages = tomllib.loads((directory / f"{tool}.lock").read_text(encoding="utf-8")).get("package", [])
    return {package["name"]: package["version"] for package in packages if package["name"] != "p"}


def record(workshop: Workshop) -> None:
    """Ask the tools again."""
    answers = {}
    with tempfile.TemporaryDirectory() as place, served() as index:
        for number, case in enumerate(CASES):
            directory = Path(place, str(number))
            case.write(directory, index.url)
            answers[title(case)] = answer_of_tool(workshop, case, directory, index.url)
    _RECORDED.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as tools:
        shop = Workshop(Path(tools))
        record(shop)
        shop.close()
