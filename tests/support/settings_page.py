"""The page of the documentation on the settings of the installers, from the catalogue."""

# ruff: noqa: E501

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from nogilcheck.inputs.settings.catalogue import SETTINGS
from nogilcheck.inputs.settings.catalogue.records import Setting

_INTRODUCTION = """# Settings of the installers

Every setting of pip 26.3, uv 0.13, Poetry 2.5, PDM 2.29, Pipenv 2026.10 and pixi 0.74 that is written in a file or an environment
variable, and what nogilcheck does with it. The tables come from the package (`make docs`); tests compare them with the
option lists of the tools and each obeyed setting with the tool itself, except those of pixi, which are from its sources.

| effect | meaning |
|---|---|
| obeyed | the answer is the one that the tool gives with it |
| not followed | it may change what the tool chooses, and nogilcheck does not do the same: [NGC216](rules.md#ngc216-setting-not-followed) names it with its place, and the run does not end with 0 |
| none | it does not change which distribution is chosen for a target |

A key of one of these tables, or an option of a configuration file, that is not listed counts as not followed: a newer release of the tool may have it.

## Whose settings count

| input | settings of |
|---|---|
| requirements files, names, `setup.cfg`, `environment.yml` | pip, and uv as `uv pip` reads them (variables, `uv.toml`, `[tool.uv]` of the nearest project from the working directory upwards) |
| `pyproject.toml` in which no tool has a table, or Hatch or Flit; scripts without `[tool.uv]` | the same; what `uv pip` and `uv lock` treat differently is unknown |
| `pyproject.toml` and scripts with `[tool.uv]`; `uv.lock` | uv, as `uv lock` and `uv sync` read them |
| `pyproject.toml` with `[tool.poetry]`; `poetry.lock` | Poetry |
| `pyproject.toml` with `[tool.pdm]`; `pdm.lock` | PDM |
| `pixi.toml`, `pyproject.toml` with `[tool.pixi]` | pixi, by its manifest alone |
| `Pipfile.lock` | Pipenv, and pip, which installs it |
| `pylock.toml` | pip and `uv pip` |

Several tools in one pyproject.toml count together. Where pip's and another tool's cool-down for all projects meet, the earlier time counts.
Indexes are a matter of their own: [indexes](indexes.md).

A lock is followed: what bears on the choice of versions alone (cool-downs, constraints, `resolution`) does nothing to a check of it, and counts for its
[plan](plan.md), which proposes no release that the tool would refuse. `--exclude-newer` takes the place of a cool-down for all projects.
A cool-down that is counted from now (`14 days`) switches the replay of answers off, for it moves with the clock.
If a tool that does not read pip's settings installs the project, a note names those that are set.

A `uv.lock` that was made with another `exclude-newer`, `resolution`, `prerelease` or `fork-strategy` than pyproject.toml or a variable has is unknown: `uv sync` resolves again, unless `UV_FROZEN` is set.

## Where the answer differs on purpose

| what | the tool | nogilcheck |
|---|---|---|
| a cool-down, and an index that does not tell upload times | pip stops with an error, uv and PDM find no version | unknown ([NGC212](rules.md#ngc212-upload-time-unknown)); as in Poetry, not for `solver.min-release-age` |
| a cool-down, and files of a local find-links folder | pip and uv take them whatever their age | the same |
| `UV_CONSTRAINT`, `UV_OVERRIDE`, `UV_EXCLUDE` and a pyproject.toml | `uv pip` obeys them, `uv lock` does not | unknown: it may be either |
| `[tool.uv]` of the project around a requirements file | `uv pip` reads it, pip does not | counts: whoever has it uses uv |
| settings of pip for a project of uv, Poetry or PDM | not read | a note |
| `UV_NO_CONFIG` and `UV_CONFIG_FILE` beside `[tool.uv]` that bears on the choice | the table is passed over | not followed; the table counts |
| no-build and no-binary for one project at once (uv) | no file is left | an entry for the project goes before one for all |
"""


def settings_page() -> str:
    """``docs/reference/settings.md``."""
    return "\n".join([_INTRODUCTION, *_counts(), *_tables()])


def _counts() -> Iterator[str]:
    counts = Counter((setting.tool, setting.effect) for setting in SETTINGS)
    yield "| tool | obeyed | not followed | none |"
    yield "|---|---|---|---|"
    for tool in dict.fromkeys(setting.tool for setting in SETTINGS):
        yield f"| {tool} | {counts[tool, 'obeyed']} | {counts[tool, 'gap']} | {counts[tool, 'none']} |"


def _tables() -> Iterator[str]:
    for (tool, place), settings in groupby(SETTINGS, key=lambda setting: (setting.tool, setting.place)):
        yield f"\n## {tool}: {place}\n"
        yield "| setting | effect | |"
        yield "|---|---|---|"
        rank = {"obeyed": 0, "gap": 1, "none": 2}
        ordered = sorted(settings, key=lambda setting: rank[setting.effect])
        for (effect, note, values), same in groupby(ordered, key=_row):
            names = " ".join(f"`{setting.name}`" for setting in same)
            yield f"| {names} | {effect} | {note}{values} |"
    yield ""


def _row(setting: Setting) -> tuple[str, str, str]:
    obeyed = f"; obeyed: {_listed(setting.obeyed)}" if setting.obeyed else ""
    harmless = f"; no influence: {_listed(setting.harmless)}" if setting.harmless else ""
    return "not followed" if setting.effect == "gap" else setting.effect, setting.note, obeyed + harmless


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{value}`" for value in values)
