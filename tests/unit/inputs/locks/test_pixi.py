from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.inputs.text.sources import UnreadableSourceError
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import asked, complaints, content_of, entry

CONDA = "https://conda.anaconda.org/conda-forge"
PIXI = f"""\
version: 6
environments:
  default:
    channels:
    - url: {CONDA}/
    packages:
      linux-64:
      - conda: {CONDA}/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
      - conda: {CONDA}/noarch/idna-3.11-pyhd8ed1ab_0.conda
      - pypi: https://files.pythonhosted.org/packages/11/grpcio-1.85.3-cp314-cp314-manylinux_2_17_x86_64.whl
      - pypi: https://files.pythonhosted.org/packages/22/requests-2.34.2-py3-none-any.whl
      - pypi: ./
  test:
    packages:
      linux-64:
      - pypi: https://files.pythonhosted.org/packages/33/pytest-9.0.2-py3-none-any.whl
packages:
- conda: {CONDA}/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
  depends:
  - python_abi 3.14.* *_cp314t
- conda: {CONDA}/noarch/idna-3.11-pyhd8ed1ab_0.conda
  purls:
  - pkg:pypi/idna?source=hash-mapping
- pypi: https://files.pythonhosted.org/packages/11/grpcio-1.85.3-cp314-cp314-manylinux_2_17_x86_64.whl
  name: grpcio
  version: 1.85.3
- pypi: https://files.pythonhosted.org/packages/22/requests-2.34.2-py3-none-any.whl
  name: requests
  version: 2.34.2
  requires_dist:
  - idna>=2.5,<4
  requires_python: '>=3.10'
- pypi: ./
  name: app
  version: '1'
  requires_dist:
  - requests
  editable: true
- pypi: https://files.pythonhosted.org/packages/33/pytest-9.0.2-py3-none-any.whl
  name: pytest
  version: 9.0.2
"""


def test_the_part_of_pypi() -> None:
    content = content_of(PIXI, "pixi.lock")
    assert content.unread == ()
    linux = 'sys_platform == "linux" and platform_machine == "x86_64"'
    assert asked(content) == [f"grpcio==1.85.3 ; {linux}", f"app==1 ; {linux}"]
    assert asked(content, "test", "group") == [f"pytest==9.0.2 ; {linux}"]
    requests = entry(content, "requests")
    assert (requests.files_known, requests.dependencies) == (True, ()), "conda brings idna"
    assert not entry(content, "grpcio").files_known
    assert entry(content, "app").own
    assert PIXI.splitlines()[requests.location.line - 1 if requests.location.line else 0].startswith("- pypi")


def test_builds_tell_the_python() -> None:
    free = content_of(PIXI, "pixi.lock").bounds
    assert free
    assert (free.requires_python, len(free.environments)) == ("==3.14.*", 1)
    regular = content_of(PIXI.replace("cp314t", "cp314"), "pixi.lock")
    assert regular.bounds
    assert regular.bounds.requires_python is None
    ((line, text),) = complaints(regular)
    assert PIXI.splitlines()[line - 1 if line else 0].endswith("cp314t.conda")
    assert "regular Python" in text


@pytest.mark.parametrize(
    ("old", "new"),
    [("version: 6", "version: 8"), ("  name: grpcio", "  name: *x"), ("  - idna", "  - [idna")],
)
def test_what_is_not_understood_is_an_error(old: str, new: str) -> None:
    with pytest.raises(UnreadableSourceError):
        content_of(PIXI.replace(old, new, 1), "pixi.lock")


FILES = "https://files.pythonhosted.org/packages"
NEWEST = f"""\
version: 7
platforms:
- name: gpu
  subdir: linux-64
environments:
  default:
    channels:
    - url: {CONDA}/
    indexes:
    - https://pypi.org/simple
    - https://packages.example/simple
    find-links:
    - path: ./links
    packages:
      gpu:
      - conda: {CONDA}/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
      - conda_source: pipeline[87dc0b8a] @ ./pipeline
      - pypi: ./app
      - pypi: {FILES}/22/pyzmq-27.1.0-cp314-cp314t-manylinux_2_28_x86_64.whl
      - pypi: {FILES}/33/cffi-2.1.1-cp314-cp314t-manylinux_2_17_x86_64.whl
      - pypi: direct+https://files.example/tool-1.0-py3-none-any.whl
packages:
- conda: {CONDA}/linux-64/python-3.14.2-h32b2ec7_0_cp314t.conda
- conda: {CONDA}/noarch/hatchling-1.33.0-pyhd8ed1ab_0.conda
- conda_source: pipeline[87dc0b8a] @ ./pipeline
  host_packages:
  - conda: {CONDA}/noarch/hatchling-1.33.0-pyhd8ed1ab_0.conda
- pypi: ./app
  name: app
- pypi: {FILES}/22/pyzmq-27.1.0-cp314-cp314t-manylinux_2_28_x86_64.whl
  name: pyzmq
  version: 27.1.0
  requires_dist:
  - cffi ; implementation_name == 'pypy'
- pypi: {FILES}/33/cffi-2.1.1-cp314-cp314t-manylinux_2_17_x86_64.whl
  name: cffi
  version: 2.1.1
  index: https://packages.example/simple
- pypi: direct+https://files.example/tool-1.0-py3-none-any.whl
  name: tool
  version: '1.0'
"""


def test_what_pixi_writes_since_version_7() -> None:
    content = content_of(NEWEST, "pixi.lock")
    linux = 'sys_platform == "linux" and platform_machine == "x86_64"'
    assert asked(content) == [f"{pin} ; {linux}" for pin in ("app", "pyzmq==27.1.0", "cffi==2.1.1", "tool==1.0")]
    assert [text for _, text in complaints(content)] == [
        "conda packages that are built from source, which are not checked: pipeline[87dc0b8a] @ ./pipeline"
    ]
    tool = entry(content, "tool")
    assert (tool.source, tool.reference) == (LockedSource.URL, "https://files.example/tool-1.0-py3-none-any.whl")
    assert entry(content, "app").source is LockedSource.PATH
    assert [(index.url, index.role) for index in content.settings.indexes] == [
        ("https://packages.example/simple", "first")
    ]
    assert [Path(place).name for place in content.settings.find_links] == ["links"]
