"""Requirements that name an archive or a repository instead of a version."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import run
from tests.world import SHAPES, Index, archive, parse, serve

ELSEWHERE = """
[projects.direct]
"1.0" = { requires = ["dep>=1", "nested @ FILES/nested-1.0-py3-none-any.whl ; sys_platform == 'linux'"] }
[projects.nested]
"1.0" = { wheels = [{ tag = "py3-none-any", padding = 300000 }], requires = ["dep<3"] }
[projects.native]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"], extras.more = ["dep"] }
[projects.windows]
"1.0" = { wheels = ["cp314-cp314t-win_amd64"] }
[projects.made]
"1.0" = { wheels = [], sdist = { native = ["c"] }, requires = ["dep"] }
"""
"""Of which the index knows nothing."""

INDEX = parse("""
[projects.dep]
"2.0" = {}
"3.0" = {}
[projects.tagged]
"1.2" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
"1.3" = {}
""")


def elsewhere(index: Index) -> Index:
    """The same server, with wheels that name it in their metadata."""
    index.replace(parse(ELSEWHERE.replace("FILES", f"{index.base}/files")))
    return index


def check(index: Index, *arguments: str) -> tuple[int, dict[str, Any]]:
    """Exit status and JSON report of a check on 3.14t."""
    outcome = run("check", *arguments, "--python", "3.14t", "--index-url", index.url, "--format", "json")
    return outcome.status, json.loads(outcome.stdout)


def statuses(report: dict[str, Any]) -> dict[str, str]:
    """What the one target gets, by name and version."""
    return {
        f"{each['name']} {each['version']}": target["status"]
        for each in report["distributions"]
        for target in each["targets"].values()
    }


def test_wheels_by_url_by_path_and_a_tag_in_one_file(here: Path) -> None:
    with serve(INDEX) as index, serve(parse(""), SHAPES["pypi"]) as files:
        elsewhere(files)
        wheel = files.universe.file("native-1.0-cp314-cp314-manylinux_2_28_x86_64.whl")
        (here / wheel.filename).write_bytes(archive(wheel))
        lines = [
            f"direct @ {files.url_of('direct-1.0-py3-none-any.whl')}",
            f"./{wheel.filename}[more]",
            "tagged @ git+https://someone:hunter2@git.test/tagged.git@v1.2",
            "untagged @ git+https://git.test/untagged.git@main",
        ]
        (here / "requirements.txt").write_text("\n".join(lines), encoding="utf-8")
        status, report = check(index, "requirements.txt")
    assert statuses(report) == {
        "dep 2.0": "pure",
        "direct 1.0": "pure",
        "native 1.0": "gil-only",
        "nested 1.0": "pure",
        "tagged 1.2": "free-threaded",
        "untagged None": "unknown",
    }
    assert status == 1
    (assumed,) = (each for each in report["findings"] if each["status"] == "assumed")
    assert (assumed["rule"], assumed["severity"], assumed["distribution"]) == ("NGC106", "warning", "tagged")
    assert assumed["location"] == {"path": "requirements.txt", "line": 3}
    (gap,) = report["gaps"]
    assert (gap["rule"], gap["distribution"], gap["location"]["line"]) == ("NGC206", "untagged", 4)
    assert gap["text"].endswith("is a direct reference, which is not checked: main is no version")
    (native,) = (each for each in report["distributions"] if each["name"] == "native")
    assert native["index"] is None
    assert "hunter2" not in json.dumps(report)
    # The index is asked about nothing else, and a large wheel is read in parts.
    assert {request.path for request in index.asked("/simple/*")} == {"/simple/dep/", "/simple/tagged/"}
    sent = sum(request.bytes for request in files.asked("/files/nested-*.whl"))
    assert 0 < sent < 150_000


@pytest.mark.parametrize(
    ("filename", "expected", "status"),
    [
        ("windows-1.0-cp314-cp314t-win_amd64.whl", {"windows 1.0": "unavailable"}, 1),
        ("made-1.0.tar.gz", {"dep 3.0": "pure", "made 1.0": "source-only"}, 1),
        ("nested-1.0-py3-none-any.whl", {"dep 2.0": "pure", "nested 1.0": "pure"}, 0),
    ],
)
def test_an_archive_is_judged_by_itself(filename: str, expected: dict[str, str], status: int) -> None:
    """The twin does not get it from anywhere else, whatever the options say about the files of an index."""
    with serve(INDEX) as index, serve(parse("")) as files:
        elsewhere(files)
        ended, report = check(index, files.url_of(filename), "--only-binary", ":all:")
    assert statuses(report) == expected
    assert ended == status
    assert report["gaps"] == []


def test_an_archive_that_is_not_there_is_judged_by_its_name_with_a_gap() -> None:
    with serve(INDEX) as index:
        status, report = check(index, f"gone @ {index.base}/files/gone-1.0-py3-none-any.whl")
    assert statuses(report) == {"gone 1.0": "pure"}
    assert status == 3
    assert [(gap["rule"], gap["distribution"]) for gap in report["gaps"]] == [("NGC204", "gone")]


def test_the_credentials_of_a_url_are_used_for_it_and_shown_to_nobody() -> None:
    shape = replace(SHAPES["pypi"], credentials=("someone", "hunter2"))
    with serve(INDEX) as index, serve(parse(""), shape) as files:
        elsewhere(files)
        url = files.url_of("nested-1.0-py3-none-any.whl")
        secret = url.replace("http://", "http://someone:hunter2@")
        assert check(index, f"nested @ {url}")[0] == 3
        status, report = check(index, f"nested @ {secret}")
    assert status == 0
    assert statuses(report) == {"dep 2.0": "pure", "nested 1.0": "pure"}
    assert "hunter2" not in json.dumps(report)


@pytest.mark.parametrize("hashed", [True, False])
def test_an_answer_is_replayed_only_where_the_file_cannot_have_changed(cache_dir: Path, hashed: bool) -> None:
    with serve(INDEX) as index, serve(parse("")) as files:
        elsewhere(files)
        filename = "nested-1.0-py3-none-any.whl"
        fragment = f"#sha256={files.sha256_of(filename)}" if hashed else ""
        arguments = (f"nested @ {files.url_of(filename)}{fragment}", "--cache-dir", str(cache_dir))
        first = check(index, *arguments)
        files.forget()
        assert check(index, *arguments) == first
        assert (len(files.requests) == 0) is hashed


def test_a_hash_that_somebody_claims_poisons_nothing(cache_dir: Path) -> None:
    """Metadata of a wheel on the index are kept by its hash; those of a URL with the same hash are not."""
    with serve(INDEX) as index, serve(parse("")) as files:
        elsewhere(files)
        claimed = index.sha256_of("dep-3.0-py3-none-any.whl")
        url = f"{files.url_of('direct-1.0-py3-none-any.whl')}#sha256={claimed}"
        check(index, f"direct @ {url}", "--cache-dir", str(cache_dir))
        _, report = check(index, "dep", "--cache-dir", str(cache_dir))
    assert statuses(report) == {"dep 3.0": "pure"}
