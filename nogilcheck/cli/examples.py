"""Examples for the help of the commands."""

from __future__ import annotations

from typing import Final


def _epilog(*lines: str, before: str = "") -> str:
    return "\n".join((f"{before}Examples:", "", "\b", *(f"  {line}" for line in lines), ""))


PROGRAM: Final = _epilog(
    "nogilcheck requirements.txt",
    "nogilcheck numpy 'pandas>=2' --python 3.14t,3.15t",
    "nogilcheck requirements.txt --format json --output report.json",
    "nogilcheck why grpcio requirements.txt",
    "nogilcheck requirements.txt -o report.json -o summary.md -o -",
    "nogilcheck report report.json      a saved report, in any format",
    "nogilcheck explain gil-only        what a finding means, and what to do",
    "nogilcheck check --help            every option of a check",
    before="`nogilcheck requirements.txt` is short for `nogilcheck check requirements.txt`. ",
)

CHECK: Final = _epilog(
    "nogilcheck                                            what this directory has",
    "nogilcheck requirements.txt --python 3.14t -v",
    "nogilcheck requirements.txt --platform all",
    "nogilcheck pyproject.toml --extra fast --group test",
    "nogilcheck uv.lock --offline",
    "nogilcheck numpy 'pandas>=2' --format json",
    "nogilcheck --env .venv",
    "nogilcheck requirements.txt -o report.sarif -o summary.md -o -",
)

REPORT: Final = _epilog(
    "nogilcheck requirements.txt --format json -o report.json",
    "nogilcheck report report.json                               in the terminal",
    "nogilcheck report report.json -o report.sarif -o summary.md",
    "nogilcheck report - --format badge < report.json",
)

WHY: Final = _epilog(
    "nogilcheck why grpcio                               in what this directory has",
    "nogilcheck why grpcio requirements.txt --python 3.14t",
    "nogilcheck why grpcio requirements.txt --format mermaid",
)

MINIMUM: Final = _epilog(
    "nogilcheck minimum",
    "nogilcheck minimum requirements.txt --python 3.14t",
    "nogilcheck minimum 'numpy' 'lxml<6' --format json",
)

PLAN: Final = _epilog(
    "nogilcheck plan",
    "nogilcheck plan requirements.txt --python 3.14t --write planned.txt",
    "nogilcheck plan uv.lock --window-releases 20 --window-months 24",
    "nogilcheck plan requirements.txt --format json",
)

SURVEY: Final = _epilog(
    "nogilcheck survey .                               every project below this directory",
    "nogilcheck survey services names.txt --jobs 4 -o survey.html -o -",
    "nogilcheck survey services --resume               go on where it was stopped",
    "nogilcheck diff last-month nogilcheck-survey      what changed between two surveys",
)

DIFF: Final = _epilog(
    "nogilcheck requirements.txt -o today.json",
    "nogilcheck diff yesterday.json today.json",
    "nogilcheck requirements.txt --format json | nogilcheck diff yesterday.json - --format json",
)

EXPLAIN: Final = _epilog(
    "nogilcheck explain               every rule",
    "nogilcheck explain NGC006",
    "nogilcheck explain gil-only held-back",
)

INSPECT: Final = _epilog(
    "nogilcheck inspect dist/",
    "nogilcheck inspect demo-1.0-cp314-cp314t-manylinux_2_28_x86_64.whl -v",
    "nogilcheck inspect --env .venv --format json",
)

CONFIG_SHOW: Final = _epilog(
    "nogilcheck config show",
    "NOGILCHECK_PYTHON=3.15t nogilcheck config show",
    "nogilcheck config show --config ci.toml --format json",
)

EVIDENCE_CHECK: Final = _epilog("nogilcheck evidence check", "nogilcheck evidence check company.toml")

CACHE_DIR: Final = _epilog("nogilcheck cache dir", "nogilcheck cache dir --cache-dir .nogilcheck-cache")
CACHE_INFO: Final = _epilog("nogilcheck cache info", "nogilcheck cache info --cache-dir .nogilcheck-cache")
CACHE_CLEAR: Final = _epilog("nogilcheck cache clear", "nogilcheck cache clear --cache-dir .nogilcheck-cache")
