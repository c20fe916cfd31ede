from __future__ import annotations

import json

from nogilcheck.inputs.formats import format_of_content
from nogilcheck.model.lock import LockedSource
from tests.unit.inputs.lockfiles import asked, complaints, content_of, entry, lock_of


def test_what_is_not_of_pypi_is_counted_and_what_may_be_is_told() -> None:
    inner = {"type": "library", "name": "b", "bom-ref": "b", "purl": "pkg:pypi/B@2?vcs_url=git%2Bhttps://h/b"}
    components = [
        {"type": "library", "name": "a", "bom-ref": "a", "purl": "pkg:pypi/a@1.0", "components": [inner]},
        {"type": "library", "name": "react", "purl": "pkg:npm/react@1"},
        {"type": "library", "name": "numpy", "purl": "pkg:conda/numpy@1"},
        {"type": "library", "name": "own"},
        {"type": "operating-system", "name": "debian"},
        {"type": "library", "name": "c", "purl": "pkg:pypi/c"},
        {"type": "library", "name": "d", "purl": "pkg:pypi/d@1?repository_url=https://u:secret@pypi.corp/simple"},
        {"type": "library", "name": "e", "purl": "pkg:pypi/e@1?repository_url=https://pypi.org/simple"},
    ]
    document = {"bomFormat": "CycloneDX", "dependencies": [{"ref": "a", "dependsOn": ["b"]}], "components": components}
    content = content_of(json.dumps(document, indent=1), "cyclonedx")
    assert asked(content) == ["a==1.0", "e==1"]
    assert entry(content, "b").source is LockedSource.VCS
    assert [text.rpartition(": ")[0] or text for _, text in complaints(content)] == [
        "no package URL tells whether own is on PyPI",
        "c has no version",
        "d is from https://***@pypi.corp/simple",
        "packages of conda are not checked (1)",
    ]
    assert "1 conda, 1 npm" in content.notes[0]


def test_scopes_and_markers_of_components_count() -> None:
    marker = {"name": "uv:package:marker", "value": "sys_platform == 'win32'"}
    components = [
        {"name": "a", "bom-ref": "a", "purl": "pkg:pypi/a@1"},
        {"name": "tzdata", "bom-ref": "tzdata", "purl": "pkg:pypi/tzdata@1", "properties": [marker]},
        {"name": "twice", "purl": "pkg:pypi/twice@1", "properties": [marker]},
        {"name": "twice", "purl": "pkg:pypi/twice@1"},
        {"name": "maybe", "version": "2", "purl": "pkg:pypi/maybe", "scope": "optional"},
        {"name": "tests", "purl": "pkg:pypi/tests@1", "scope": "excluded"},
    ]
    document = {"bomFormat": "CycloneDX", "dependencies": [{"ref": "a", "dependsOn": ["tzdata"]}]}
    content = content_of(json.dumps({**document, "components": components}), "cyclonedx")
    assert asked(content) == ["a==1", "twice==1", "maybe==2"]
    assert [(need.name, need.marker) for need in entry(content, "a").dependencies] == [
        ("tzdata", 'sys_platform == "win32"')
    ]
    assert content.unread == ()
    assert "1 of 6 components are excluded by their scope" in content.notes[0]


def test_the_export_of_the_dependency_graph_of_github() -> None:
    purl = {"referenceType": "purl", "referenceLocator": "pkg:pypi/b@1"}
    packages = [
        {"SPDXID": "a", "name": "pip:a", "versionInfo": ">= 3.5.0"},
        {"SPDXID": "b", "name": "pip:b", "versionInfo": "1", "externalRefs": [purl]},
    ]
    text = json.dumps({"sbom": {"spdxVersion": "SPDX-2.3", "packages": packages}}, indent=0)
    form = format_of_content(text.encode())
    assert form
    assert form.name == "spdx.json"
    content = content_of(text, "spdx")
    assert asked(content) == ["b==1"]
    assert complaints(content) == [(5, "no package URL tells whether pip:a is on PyPI: not checked")]


def test_spdx_tells_dependencies_in_both_directions() -> None:
    def package(name: str) -> dict[str, object]:
        purl = {"referenceType": "purl", "referenceLocator": f"pkg:pypi/{name}@1"}
        return {"SPDXID": name, "name": name, "versionInfo": "1", "externalRefs": [purl]}

    ends = [("a", "DEPENDS_ON", "b"), ("c", "DEV_DEPENDENCY_OF", "b"), ("SPDXRef-DOCUMENT", "DESCRIBES", "app")]
    keys = ("spdxElementId", "relationshipType", "relatedSpdxElement")
    document = {
        "spdxVersion": "SPDX-2.3",
        "packages": [{"SPDXID": "app", "name": "app"}, *map(package, "abc")],
        "relationships": [dict(zip(keys, end, strict=True)) for end in ends],
    }
    content = content_of(json.dumps(document), "spdx")
    assert (asked(content), content.unread) == (["a==1"], ())
    assert {one.name: [need.name for need in one.dependencies] for one in lock_of(content).distributions} == {
        "a": ["b"],
        "b": ["c"],
        "c": [],
    }
