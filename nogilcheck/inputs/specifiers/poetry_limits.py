"""What Poetry has beside ``markers``, which are PEP 508's: ``python`` and ``platform`` of a dependency as markers."""

from __future__ import annotations

import re

from packaging.specifiers import Specifier, SpecifierSet

from nogilcheck.inputs.specifiers.poetry_versions import specifier_of

MAX_LENGTH = 1000
"""Characters of a constraint; nobody writes longer ones."""

_PLATFORM = re.compile(r"\s*(?P<operator>!=|==?)?\s*(?P<value>[A-Za-z0-9_.-]+)\s*")


def python_marker(constraint: str) -> str | None:
    """The marker that a constraint on the Python version stands for; ``None`` for every version.

    Raises `ValueError` for what is no constraint.
    """
    alternatives = []
    for part in _alternatives(constraint):
        specifier = specifier_of(part)
        if specifier is None:
            raise ValueError(f"no constraint: {part!r}")
        clauses = sorted(SpecifierSet(specifier), key=str)
        if not clauses:
            return None
        alternatives.append(" and ".join(map(_comparison, clauses)))
    return " or ".join(alternatives)


def _alternatives(constraint: str) -> list[str]:
    if len(constraint) > MAX_LENGTH:
        raise ValueError(f"no constraint: {constraint[:100]!r}")
    return re.split(r"\|\|?", constraint)


def _comparison(specifier: Specifier) -> str:
    """One clause; ``python_version`` has two parts only, which are all that such a clause looks at."""
    short = specifier.version.count(".") < 2 and not specifier.version.endswith("*")
    variable = "python_version" if short and specifier.operator in {">=", "<", "==", "!="} else "python_full_version"
    return f'{variable} {specifier.operator} "{specifier.version}"'


def platform_marker(constraint: str) -> str | None:
    """The marker that a constraint on ``sys.platform`` stands for; ``None`` for every platform.

    Raises `ValueError` for what is no constraint.
    """
    if constraint.strip() == "*":
        return None
    alternatives = []
    for part in _alternatives(constraint):
        clauses = []
        for clause in part.split(","):
            platform = _PLATFORM.fullmatch(clause)
            if platform is None:
                raise ValueError(f"no constraint: {clause!r}")
            clauses.append(f'sys_platform {"!=" if platform["operator"] == "!=" else "=="} "{platform["value"]}"')
        alternatives.append(" and ".join(clauses))
    return " or ".join(alternatives)
