from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.projects.setup_py import may_require
from nogilcheck.inputs.text.neighbours import Neighbours
from nogilcheck.inputs.text.sources import SourceReader


def asked(text: str | None, directory: Path) -> bool:
    if text is not None:
        (directory / "setup.py").write_text(text, encoding="utf-8")
    return may_require(Neighbours(SourceReader(), str(directory)))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "from setuptools import setup\nsetup()\n",
        "import setuptools\nif __name__ == '__main__':\n    setuptools.setup(version=read(), ext_modules=[x])\n",
    ],
)
def test_dependencies_are_elsewhere(text: str | None, tmp_path: Path) -> None:
    assert not asked(text, tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "setup(install_requires=['a'])",
        "setup(extras_require={})",
        "setup(python_requires='>=3')",
        "setup(**keywords)",
        "setup(*words)",
        "from numpy.distutils.core import run\nrun()",
        "",
        "setup(",
        "print 'two'",
        "\0",
    ],
)
def test_dependencies_may_be_there(text: str, tmp_path: Path) -> None:
    assert asked(text, tmp_path)
