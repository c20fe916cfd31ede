"""Well-known stacks: what an index makes of them, by us and by pip, and what was recorded of that.

`tests.record` records it, `tests/scenarios/test_recorded_stacks.py` replays it, and `tests/live/test_stacks.py`
compares it with the real index of today.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.jobs.check import check
from nogilcheck.model.options import Options
from nogilcheck.model.source import IndexSettings
from nogilcheck.model.target import Target
from nogilcheck.model.verdict import Cause, Severity
from nogilcheck.targets.builds import make_target
from tests.support.own_tree import RECORDING, own_requirements
from tests.support.pip_oracle import INSTALL, WHEELS, ask_pip, cross, installation
from tests.world import Universe, parse

PLATFORM = "linux-x86_64"
PYTHONS = ("3.14t", "3.15t")

STACKS: dict[str, tuple[str, ...]] = {
    "streamlit": ("streamlit",),
    "jupyterlab": ("jupyterlab",),
    "fastapi": (
        "fastapi[standard]", "uvicorn[standard]", "sqlalchemy[asyncio]", "alembic", "asyncpg", "pydantic-settings",
        "python-jose[cryptography]", "passlib[bcrypt]", "bcrypt", "httpx[http2]", "redis", "structlog",
        "prometheus-client", "opentelemetry-sdk", "sentry-sdk", "celery", "jinja2", "tenacity", "aiofiles",
    ),
    "datasci": ("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "seaborn", "polars", "pyarrow"),
    "django": (
        "django", "djangorestframework", "django-allauth", "django-filter", "django-cors-headers", "django-redis",
        "django-storages[s3]", "celery[redis]", "psycopg[binary]", "gunicorn", "whitenoise[brotli]", "pillow",
        "drf-spectacular", "sentry-sdk",
    ),
    "airflow": ("apache-airflow", "apache-airflow-providers-postgres", "apache-airflow-providers-http"),
    "nogilcheck": own_requirements("fast"),
}  # fmt: skip

PAGES = RECORDING.with_name("stacks.toml")
"""The part of the index that the stacks need, as a universe without scenarios."""
ANSWERS = RECORDING.with_name("stacks.json")
"""What we and pip both said of it when it was recorded."""

FREE_THREADING, ANY_BUILD = "free-threading", "any build"
"""Why a distribution blocks: the regular build of the same Python gets a wheel, or it gets none either."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one stack comes to on one Python."""

    versions: Mapping[str, str]
    """By normalized name."""
    blockers: Mapping[str, str]
    """Name -> `FREE_THREADING` or `ANY_BUILD`."""


Answers = Mapping[tuple[str, str], Answer]
"""By stack and Python."""


def set_aside_pip_settings(patch: pytest.MonkeyPatch) -> None:
    """Let the index that a test names be the only one: pip's configuration may add others, and local directories."""
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        patch.delenv(name)
    patch.setenv("PIP_CONFIG_FILE", os.devnull)


def options(stack: str, index: str | None = None) -> Options:
    """The check of a stack."""
    settings = IndexSettings(index_url=index)
    return Options(inputs=STACKS[stack], pythons=PYTHONS, platforms=(PLATFORM,), settings=settings, no_cache=True)


def our_answers(index: str) -> Answers:
    """What we say of every stack."""
    found = {}
    for stack in STACKS:
        report = check(options(stack, index))
        assert report.gaps == (), (stack, [gap.text for gap in report.gaps])
        for python, target in _targets().items():
            versions = {d.name: d.version for d in report.distributions if d.version and target.id in d.targets}
            causes = {
                finding.distribution: FREE_THREADING if finding.cause is Cause.FREE_THREADING else ANY_BUILD
                for finding in report.findings
                if finding.target == target.id and finding.severity is Severity.BLOCKER
            }
            found[stack, python] = Answer(versions=versions, blockers=causes)
    return found


def pip_answers(index: str, ours: Answers) -> Answers:
    """What pip says of every stack.

    It resolves for the regular build, from wheels alone. Where that build lacks a wheel pip has no versions to tell,
    and those of ``ours`` are taken. Its finder then looks for a wheel of each version on both builds.
    """
    targets = _targets()
    resolutions = ask_pip(
        INSTALL, [installation(targets[python].installer, index, STACKS[stack]) for stack, python in ours]
    )
    answers = {}
    for (key, our), theirs in zip(ours.items(), resolutions, strict=True):
        answers[key] = our.versions
        if "chosen" in theirs:
            answers[key] = {canonicalize_name(name): version for name, (version, _) in theirs["chosen"].items()}
        else:
            assert ANY_BUILD in our.blockers.values(), (key, theirs)
    builds = [
        {**cross(build), "wanted": versions}
        for (_, python), versions in answers.items()
        for build in (targets[python], targets[python].installer)
    ]
    wheels = iter(ask_pip(WHEELS, {"index": index, "builds": builds}))
    found = {}
    for key, versions in answers.items():
        free_threaded, regular = next(wheels), next(wheels)
        blockers = {
            name: FREE_THREADING if regular[name]["wheel"] else ANY_BUILD
            for name, there in free_threaded.items()
            if not there["wheel"]
        }
        found[key] = Answer(versions=versions, blockers=blockers)
    return found


def _targets() -> dict[str, Target]:
    return {python: make_target(python, PLATFORM) for python in PYTHONS}


@cache
def recorded_index() -> Universe:
    """The recorded part of the index."""
    return parse(PAGES.read_text(encoding="utf-8"), name=PAGES.stem)


def recording_date() -> str:
    """The day of the recording, as ``2026-11-30``."""
    return str(json.loads(ANSWERS.read_text(encoding="utf-8"))["recorded"])


def recorded_answers() -> Answers:
    """What was said of it."""
    stacks: dict[str, Any] = json.loads(ANSWERS.read_text(encoding="utf-8"))["stacks"]
    return {(stack, python): Answer(**each) for stack, pythons in stacks.items() for python, each in pythons.items()}


def answers_document(answers: Answers, **head: str) -> str:
    """The text of `ANSWERS`, with what else is to be said about the recording."""
    stacks: dict[str, dict[str, object]] = {}
    for (stack, python), answer in answers.items():
        stacks.setdefault(stack, {})[python] = asdict(answer)
    return json.dumps({**head, "stacks": stacks}, indent=1, sort_keys=True) + "\n"


def differences(before: Answers, after: Answers, *, titles: tuple[str, str] = ("recorded", "today")) -> Iterator[str]:
    """What differs, as lines of a Markdown table; nothing where nothing does."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for key in dict.fromkeys((*before, *after)):
        one, other = _described(before.get(key)), _described(after.get(key))
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                rows.setdefault((name, one.get(name, "-"), other.get(name, "-")), []).append(" ".join(key))
    if rows:
        yield f"| distribution | {titles[0]} | {titles[1]} | where |"
        yield "|---|---|---|---|"
    for (name, was, now), where in sorted(rows.items()):
        yield f"| {name} | {was} | {now} | {', '.join(where)} |"


def _described(answer: Answer | None) -> dict[str, str]:
    if answer is None:
        return {}
    return {
        name: f"{version}, blocks ({answer.blockers[name]})" if name in answer.blockers else version
        for name, version in answer.versions.items()
    }
