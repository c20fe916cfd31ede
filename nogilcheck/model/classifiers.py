"""What classifiers (https://pypi.org/classifiers/) say of the Pythons that a project is for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PYTHON = re.compile(r"Programming Language :: Python :: (3\.[0-9]{1,3})")


def read_pythons(classifiers: Iterable[str]) -> tuple[str, ...]:
    """The minor versions of Python 3 that classifiers list, as ``3.14``."""
    matches = (_PYTHON.fullmatch(classifier.strip()) for classifier in classifiers)
    return tuple(dict.fromkeys(match[1] for match in matches if match))
