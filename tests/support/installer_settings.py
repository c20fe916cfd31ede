"""The names of every setting of uv, Poetry, PDM and Pipenv, as the tools tell them: recorded in ``fixtures/settings``.

``python -m tests.support.installer_settings`` records them again.
"""

from __future__ import annotations

import json
import re
import tempfile
from pathlib import Path

from tests.support.workshop import Workshop, run

RECORDED = ("uv", "Poetry", "PDM", "Pipenv")

DIRECTORY = Path(__file__).parents[2] / "fixtures" / "settings"

_UV_COMMANDS = ("lock", "sync", "run", "add", "export", "tree", "pip install", "pip sync", "pip compile")

_FIELD = re.compile(r"`([a-z-]+)`")

_PROGRAMS = {
    "Poetry": """
import json, pathlib, poetry, poetry.core
from poetry.console.commands.config import ConfigCommand
def schema(package, name):
    return json.loads((pathlib.Path(package.__path__[0]) / "json" / "schemas" / name).read_text("utf-8"))
core, own = schema(poetry.core, "poetry-schema.json"), schema(poetry, "poetry.json")
kinds = ("long", "git", "file", "path", "url")
print(json.dumps({
    "poetry.toml, config.toml and POETRY_*": sorted(ConfigCommand().unique_config_values),
    "[tool.poetry]": sorted({*core["properties"], *own["properties"]}),
    "[[tool.poetry.source]]": sorted(own["definitions"]["repository"]["properties"]),
    "a dependency": sorted({key for kind in kinds for key in core["definitions"][kind + "-dependency"]["properties"]}),
}))
""",
    "PDM": r"""
import json, pathlib, re, pdm
from pdm.project.config import Config
root = pathlib.Path(pdm.__file__).parent
text = "".join(path.read_text("utf-8") for path in root.rglob("*.py"))
resolution = re.findall(r"(?:\.resolution|resolution\")\.get\(\s*\"([a-z-]+)\"", text)
print(json.dumps({
    "pdm.toml and config.toml": sorted(Config._config_map),
    "PDM_*": sorted({name for name in re.findall(r"\bPDM_[A-Z_]+[A-Z]\b", text)}),
    "[tool.pdm]": sorted(set(re.findall(r"pyproject\.settings\.get\(\"([\w-]+)\"", text))),
    "[tool.pdm.resolution]": sorted(set(resolution) | set(re.findall(r"resolution\.get\(\"([a-z-]+)\"", text))),
}))
""",
    "Pipenv": r"""
import json, pathlib, re, importlib.util
root = pathlib.Path(importlib.util.find_spec("pipenv").origin).parent
own = [p for p in root.rglob("*.py") if not {"patched", "vendor"} & set(p.relative_to(root).parts)]
text = "".join(path.read_text("utf-8") for path in own)
print(json.dumps({
    "PIPENV_*": sorted(set(re.findall(r"\bPIPENV_[A-Z_]+[A-Z]\b", text))),
    "[pipenv]": sorted(set(re.findall(r"settings\.get\(\s*\"([\w-]+)\"", text))),
}))
""",
}


def recorded(tool: str) -> dict[str, list[str]]:
    """Place -> names, as they were recorded."""
    names: dict[str, list[str]] = json.loads((DIRECTORY / f"{tool.lower()}.json").read_text(encoding="utf-8"))
    return names


def settings_of_tool(tool: str, workshop: Workshop) -> dict[str, list[str]]:
    """Place -> names, as the installed tool has them."""
    if tool == "uv":
        return _uv(workshop.scripts("uv") / "uv", workshop.environment)
    done = run(workshop.scripts(tool.lower()) / "python", "-c", _PROGRAMS[tool], env=workshop.environment)
    names: dict[str, list[str]] = json.loads(done.stdout)
    return names


def _uv(program: Path, environment: dict[str, str]) -> dict[str, list[str]]:
    """The fields that uv offers in the place of one that it does not know, and the variables of its help."""
    environment = {name: value for name, value in environment.items() if name != "UV_NO_CONFIG"}
    names = {}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "uv.toml")
        for place, text in (("[tool.uv] and uv.toml", ""), ("[tool.uv.pip]", "[pip]\n")):
            path.write_text(f"{text}no-such-field = 1\n", encoding="utf-8")
            done = run(program, "pip", "compile", "-", check=False, cwd=path.parent, env=environment)
            names[place] = sorted(set(_FIELD.findall(done.stderr)) - {"no-such-field"})
    helps = [run(program, "help", "--no-pager", *command.split(), env=environment).stdout for command in _UV_COMMANDS]
    names["UV_*"] = sorted(set(re.findall(r"\bUV_[A-Z_]+[A-Z]\b", "".join(helps))))
    return names


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        shop = Workshop(Path(place))
        DIRECTORY.mkdir(exist_ok=True)
        for each in RECORDED:
            found = json.dumps(settings_of_tool(each, shop), indent=1)
            (DIRECTORY / f"{each.lower()}.json").write_text(found + "\n", encoding="utf-8", newline="\n")
            print(each)
        shop.close()
