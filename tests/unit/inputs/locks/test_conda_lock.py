from __future__ import annotations

from tests.unit.inputs.lockfiles import asked, complaints, content_of, entry

LOCK = """\
version: 1
metadata:
  content_hash:
    linux-64: b583273e7b7b293528360517e43b8c117c8ba5cc1920c8f2493e4e285d46dd57
  platforms:
  - linux-64
  - osx-arm64
package:
- name: numpy
  version: 2.4.1
  manager: conda
  platform: linux-64
  dependencies:
    python: ''
    python_abi: 3.14.* *_cp314
  url: https://conda.anaconda.org/conda-forge/linux-64/numpy-2.4.1-py314h33ff503_0.conda
  category: main
- name: requests
  version: 2.34.2
  manager: pip
  platform: linux-64
  dependencies:
    idna: '>=2.5,<4'
    numpy: '*'
  url: https://files.pythonhosted.org/packages/22/requests-2.34.2-py3-none-any.whl
  hash:
    sha256: c120fb2da4e4d51dd32918c149b04a08815fd2bd52099dad1334647984bb07f1
  category: main
- name: idna
  version: '3.20'
  manager: pip
  platform: linux-64
  dependencies: {}
  url: https://files.pythonhosted.org/packages/22/idna-3.20-py3-none-any.whl
  category: main
- name: idna
  version: '3.19'
  manager: pip
  platform: osx-arm64
  dependencies: {}
  url: https://files.pythonhosted.org/packages/22/idna-3.19.tar.gz
  category: dev
"""


def test_the_part_of_pip() -> None:
    content = content_of(LOCK, "conda-lock.yml")
    assert asked(content) == ['requests==2.34.2 ; sys_platform == "linux" and platform_machine == "x86_64"']
    assert [need.name for need in entry(content, "requests").dependencies] == ["idna"]
    assert (entry(content, "idna", "3.20").files_known, entry(content, "idna", "3.19").files_known) == (True, False)
    assert content.groups == ("dev",)
    assert content.bounds
    assert len(content.bounds.environments) == 2
    ((line, text),) = complaints(content)
    assert (line, text.endswith(": numpy")) == (9, True)
