"""Well-known stacks: what blocks them, and pip asked for the same on the real index. Opt in: ``make test-live``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
from packaging.utils import canonicalize_name

from nogilcheck.checker import check
from nogilcheck.model.options import DEFAULT_INDEX_URL, Options
from nogilcheck.model.report import Report
from nogilcheck.model.verdict import Cause, Severity
from nogilcheck.targets.builds import make_target
from tests.support.pip_oracle import INSTALL, ask_pip, installation, require_pip

pytestmark = pytest.mark.live

BEFORE = "2026-11-23T00:00:00"
"""The expectations are those of the day before."""
PLATFORM = "linux-x86_64"
PYTHONS = ("3.14t", "3.15t")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Requirements, and the distributions that block them."""

    requirements: tuple[str, ...]
    on_both: frozenset[str] = frozenset()
    on_newer: Mapping[str, Cause] = field(default_factory=dict)
    """On 3.15t only, and whose decision that is."""

    def blockers(self, python: str) -> set[str]:
        return set(self.on_both if python == "3.14t" else self.on_both.union(self.on_newer))


STACKS = {
    "streamlit": Stack(requirements=("streamlit",)),
    "jupyterlab": Stack(
        requirements=("jupyterlab",), on_newer={"psutil": Cause.FREE_THREADING, "pyyaml": Cause.PYTHON}
    ),
    "fastapi": Stack(
        requirements=(
            "fastapi[standard]", "uvicorn[standard]", "sqlalchemy[asyncio]", "alembic", "asyncpg", "pydantic-settings",
            "python-jose[cryptography]", "passlib[bcrypt]", "bcrypt", "httpx[http2]", "redis", "structlog",
            "prometheus-client", "opentelemetry-sdk", "sentry-sdk", "celery", "jinja2", "tenacity", "aiofiles",
        ),
        on_newer={"bcrypt": Cause.FREE_THREADING, "pyyaml": Cause.PYTHON, "watchfiles": Cause.FREE_THREADING},
    ),
    "datasci": Stack(
        requirements=("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "seaborn", "polars", "pyarrow"),
        on_both=frozenset({"polars-runtime-32"}),
    ),
    "django": Stack(
        requirements=(
            "django", "djangorestframework", "django-allauth", "django-filter", "django-cors-headers", "django-redis",
            "django-storages[s3]", "celery[redis]", "psycopg[binary]", "gunicorn", "whitenoise[brotli]", "pillow",
            "drf-spectacular", "sentry-sdk",
        ),
        on_both=frozenset({"brotli", "psycopg-binary"}),
        on_newer={"pyyaml": Cause.PYTHON},
    ),
    "airflow": Stack(
        requirements=(
            "apache-airflow", "apache-airflow-providers-postgres", "apache-airflow-providers-http",
        ),
        on_both=frozenset({"grpcio", "psycopg-binary", "psycopg2-binary"}),
        on_newer={"psutil": Cause.FREE_THREADING, "pyyaml": Cause.PYTHON, "watchfiles": Cause.FREE_THREADING},
    ),
}  # fmt: skip


@pytest.fixture(autouse=True)
def home() -> None:
    """The real index is reached with the machine's own settings."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """Every stack on both targets."""
    cache = str(tmp_path_factory.mktemp("cache"))
    return {
        name: check(
            Options(
                inputs=stack.requirements, pythons=PYTHONS, platforms=(PLATFORM,), exclude_newer=BEFORE, cache_dir=cache
            )
        )
        for name, stack in STACKS.items()
    }


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", STACKS)
def test_the_blockers_of_a_stack(name: str, python: str, reports: Mapping[str, Report]) -> None:
    stack, report, target = STACKS[name], reports[name], make_target(python, PLATFORM).id
    assert report.gaps == ()
    found = {f.distribution: f.cause for f in report.findings if f.target == target and f.severity is Severity.BLOCKER}
    assert set(found) == stack.blockers(python)
    assert {name: cause for name, cause in found.items() if name in stack.on_newer} == (
        stack.on_newer if python == "3.15t" else {}
    )


def test_pip_resolves_the_same_and_installs_it_only_where_nothing_blocks(
    reports: Mapping[str, Report], capsys: pytest.CaptureFixture[str]
) -> None:
    """The twin of 3.14t gets a wheel of everything, so that pip can be asked for the whole resolution."""
    require_pip()
    before = ["--uploaded-prior-to", f"{BEFORE}Z"]
    targets = {python: make_target(python, PLATFORM) for python in PYTHONS}
    questions = []
    for name, stack in STACKS.items():
        questions.append(installation(targets["3.14t"].installer, DEFAULT_INDEX_URL, [*before, *stack.requirements]))
        for target in targets.values():
            pins = [f"{project}=={version}" for project, version in _versions(reports[name], target.id).items()]
            questions.append(installation(target, DEFAULT_INDEX_URL, [*before, *stack.requirements, *pins]))
    answers = iter(ask_pip(INSTALL, questions))
    for name, stack in STACKS.items():
        theirs = next(answers)
        assert "chosen" in theirs, (name, theirs)
        chosen = {canonicalize_name(project): version for project, (version, _) in theirs["chosen"].items()}
        assert _versions(reports[name], targets["3.14t"].id) == chosen
        installs = {python: "chosen" in next(answers) for python in PYTHONS}
        assert installs == {python: not stack.blockers(python) for python in PYTHONS}, name
        with capsys.disabled():
            print(f"\n {name}: {len(chosen)} distributions, as pip; installs on {installs}", end="")


def _versions(report: Report, target: str) -> dict[str, str | None]:
    return {d.name: d.version for d in report.distributions if target in d.targets}
