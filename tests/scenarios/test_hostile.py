"""Indexes, archives and lines that were made to do harm, as the command line meets them."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from nogilcheck.index.archives import core_metadata as metadata
from nogilcheck.index.archives import wheel_reader
from nogilcheck.index.pages import html_anchors as anchors
from nogilcheck.index.pages import page_source
from nogilcheck.index.pages import simple_api as pages
from nogilcheck.report.formats import RENDERERS
from nogilcheck.resolve import markers
from nogilcheck.resolve.walk import effort, graph
from tests.support.command import Outcome, run
from tests.world import SHAPES, Answer, Index, Shape, archive, parse, serve

WORLD = parse("""
[projects.app]
"1.0" = { requires = ["pure"] }
[projects.pure]
"1.0" = {}
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
""")
APP = "app-1.0-py3-none-any.whl"
PURE = "pure-1.0-py3-none-any.whl"
EVIL = "\x1b[31m\x1b]0;title\x07\x9b2J\u202e\u2066\u200b\x7f\r"
"""Colours, a window title, the 8-bit form of an escape, text turned around, a zero-width space."""
JSON = (("Content-Type", "application/vnd.pypi.simple.v1+json"),)
HTML = (("Content-Type", "text/html"),)
LONG = "9" * 5000
PLAIN = Shape()
"""No ``.metadata`` files: the wheels are read."""
TEXTS = sorted(RENDERERS.keys() - {"badge", "tree"})
"""What tells more than a number or a picture."""


def check(index: Index, *arguments: str) -> Outcome:
    """A check, in which nothing may be printed that a terminal would act upon."""
    outcome = run(*arguments, "--index-url", index.url, "--no-cache", "--python", "3.14t")
    printed = outcome.stdout + outcome.stderr
    assert {character for character in printed if not character.isprintable()} <= {"\n"}
    assert "Traceback" not in printed
    return outcome


def json_page(*files: dict[str, Any], **more: Any) -> Answer:
    page = {"meta": {"api-version": "1.0"}, "name": "pure", "files": list(files), **more}
    return Answer(body=json.dumps(page).encode(), headers=JSON)


def html_page(*hrefs: str, head: str = "") -> Answer:
    anchors = "".join(f'<a href="{href}" data-requires-python="&gt;=3.8{EVIL}">x</a>' for href in hrefs)
    return Answer(body=f"{head}{anchors}".encode(), headers=HTML)


def file(index: Index, **more: Any) -> dict[str, Any]:
    return {"filename": PURE, "url": index.url_of(PURE), "hashes": {}, **more}


HOSTILE_WHEEL = f"pure-1.0-cp314-cp314t-{EVIL}.whl"


@pytest.mark.parametrize("format_", TEXTS)
@pytest.mark.parametrize("kind", ["json", "html"])
def test_a_page_of_hostile_names_is_shown_safely(format_: str, kind: str) -> None:
    with serve(WORLD) as index:
        nowhere = f"{index.base}/files/{EVIL}"
        pages_ = {
            "json": json_page(
                {"filename": HOSTILE_WHEEL, "url": nowhere, "hashes": {"sha256": EVIL}, "requires-python": EVIL},
                {"filename": f"pure-1.0-cp314-cp314-{EVIL}.whl", "url": nowhere, "upload-time": EVIL, "yanked": EVIL},
                {"filename": f"{EVIL}-1.0.tar.gz", "url": nowhere},
            ),
            "html": html_page(f"{nowhere}/{HOSTILE_WHEEL}", nowhere),
        }
        index.fail("/simple/pure/", action=pages_[kind])
        outcome = check(index, "app", "speed", "--format", format_)
    assert outcome.status == 1
    assert "pure" in outcome.stdout


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (json_page(meta={"api-version": f"9{EVIL}"}), "version 9"),
        (json_page(**{"project-status": {"status": f"gone{EVIL}"}}), "gone"),
        (Answer(body=b'{"\x1b[31m', headers=JSON), "is not JSON"),
        (Answer(body=EVIL.encode(), headers=(("Content-Type", "text/\x9b31m"),)), "not a Simple API page"),
        (html_page(head=f'<meta name="pypi:repository-version" content="7{EVIL}">'), "version 7"),
        (Answer(status=302, headers=(("Location", "http://127.0.0.1:1/\x9b31m"),)), "did not answer"),
    ],
    ids=["version", "status", "json", "type", "html", "redirect"],
)
def test_what_a_page_says_in_an_error_is_shown_safely(page: Answer, said: str) -> None:
    with serve(WORLD) as index:
        index.fail("/simple/pure/", action=page)
        outcome = check(index, "pure")
    assert outcome.status == 3
    assert said in " ".join(outcome.stdout.split())


METADATA = f"""Metadata-Version: 2.4
Name: pure
Version: 1.0
Requires-Dist: speed{EVIL.strip()}
Requires-Dist: speed @ https://host/{EVIL.strip()}x
Requires-Dist: speed; platform_version == "{EVIL.strip()}"
Requires-Dist: speed=={LONG}
Requires-Dist: speed; python_version > "{LONG}"
Provides-Extra: {EVIL.strip()}
Requires-Python: >=3.{EVIL.strip()}
"""


@pytest.mark.parametrize("format_", TEXTS)
def test_metadata_of_hostile_fields_are_shown_safely(format_: str) -> None:
    with serve(WORLD, SHAPES["legacy-metadata"]) as index:
        index.fail("/simple/pure/", action=json_page(file(index, **{"core-metadata": True})))
        index.fail("*.metadata", action=Answer(body=METADATA.encode()))
        outcome = check(index, "app", "--format", format_)
    assert outcome.status == 2  # installers discard the only release of it
    assert "Requires-Dist" in outcome.stdout


@pytest.mark.parametrize("format_", TEXTS)
def test_lines_of_hostile_names_are_shown_safely(here: Path, format_: str) -> None:
    lines = ("pure", f"speed{EVIL}", f"speed @ https://host/{EVIL}", f"-r no{EVIL}.txt", f"--bad{EVIL}", f"./{EVIL}")
    name = f"r{EVIL}.txt"
    (here / name).write_bytes("\n".join(lines).encode())
    with serve(WORLD) as index:
        outcome = check(index, name, "--format", format_)
    assert outcome.status == 2


@pytest.mark.parametrize(
    "arguments",
    [
        (f"no{EVIL}.txt",),
        (f"pure{EVIL}",),
        ("pure", "--platform", EVIL),
        ("pure", "--exclude-newer", EVIL),
        ("pure", "-c", f"{EVIL}.txt"),
        ("pure", "--env", EVIL),
        (EVIL,),
    ],
)
def test_arguments_are_repeated_safely(arguments: tuple[str, ...]) -> None:
    with serve(WORLD) as index:
        assert check(index, *arguments).status == 2


def locked(name: str) -> dict[str, str]:
    return {
        "pyproject.toml": f'[project]\nname = "x"\nversion = "1"\ndependencies = ["{name}"]',
        "pylock.toml": f'lock-version = "1.0{name}"\ncreated-by = "x"\n[[packages]]\nname = "{name}"',
        "uv.lock": f'version = 1\n[[package]]\nname = "{name}"\nversion = "{name}"',
        "poetry.lock": f'[[package]]\nname = "{name}"\nversion = "{name}"\n[metadata]\nlock-version = "2.{name}"',
        "pdm.lock": f'[metadata]\nlock_version = "4.{name}"\n[[package]]\nname = "{name}"\nversion = "1"',
        "Pipfile.lock": json.dumps({"_meta": {"pipfile-spec": 6}, "default": {"\x1b\x9b": {"version": "==1\x1b\x9b"}}}),
        "environment.yml": "dependencies:\n  - pip:\n    - pure\x9b\u202e\n",
    }


@pytest.mark.parametrize("name", list(locked("")))
def test_files_of_hostile_names_are_repeated_safely(here: Path, name: str) -> None:
    escaped = r"\u001b[31m\u009b\u202e\u007f"
    (here / name).write_text(locked(escaped)[name], encoding="utf-8")
    with serve(WORLD) as index:
        assert check(index, name).status == 2


# Sizes. Each is a gap: the blocker beside it is still told.


def a_gap(index: Index, *said: str) -> None:
    outcome = check(index, "app", "speed")
    assert outcome.status == 1, "a known blocker counts more than a gap"
    assert "speed 1.0" in outcome.stdout
    words = " ".join(outcome.stdout.split())
    assert all(each in words for each in said), words
    assert check(index, "app").status == 3


def test_a_page_beyond_the_limit_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_source, "MAX_PAGE", 100_000)
    packed = gzip.compress(b'{"files": [' + b" " * 200_000_000 + b"]}", 1)
    with serve(WORLD) as index:
        index.fail("/simple/pure/", action=Answer(body=packed, headers=(*JSON, ("Content-Encoding", "gzip"))))
        a_gap(index, "is larger than 100,000 bytes")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (Answer(body=b'{"files":' + b"[" * 100_000, headers=JSON), "is not JSON"),
        (Answer(body=b'{"files": [' + b"1," * 3_000_000, headers=JSON), "more than 2,000,000 values"),
        (html_page(*["pure-1.0.tar.gz"] * 2000), "lists more than 1,000 files"),
        (json_page(*[{"filename": "pure-1.0.tar.gz", "url": "x"}] * 1001), "lists more than 1,000 files"),
        (Answer(body=b"<!--" * 100_000, headers=HTML), "of more than 262,144 characters"),
        (Answer(body=b"<b>" * 20_000, headers=HTML), "more than 10,000 tags"),
        (Answer(body=b"&lt;" * 20_000, headers=HTML), "more than 10,000 character references"),
        (Answer(body=b"<![<![", headers=HTML), "/simple/pure/"),  # an error of older parsers, an open end of newer ones
    ],
    ids=["nested", "values", "anchors", "files", "comments", "tags", "references", "declaration"],
)
def test_a_monstrous_page_is_a_gap(page: Answer, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_FILES", 1000)
    monkeypatch.setattr(anchors, "MAX_ELEMENTS", 10_000)
    monkeypatch.setattr(anchors, "MAX_REFERENCES", 10_000)
    with serve(WORLD) as index:
        index.fail("/simple/pure/", action=page)
        a_gap(index, said)


def test_metadata_beyond_the_limit_are_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel_reader, "METADATA_LIMIT", 10)
    with serve(WORLD, PLAIN) as index:
        a_gap(index, "METADATA in", "bytes")


EXTRAS = 30
KNOT = "".join(
    f"Provides-Extra: e{n}\nRequires-Dist: pure; extra == 'e{n}'\nRequires-Dist: app[e{n}]\n" for n in range(EXTRAS)
)
"""Extras of which each asks for all of them."""


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        (f"{effort.__name__}.MAX_STEPS", "stopped after 10,000 steps"),
        (f"{graph.__name__}.MAX_EDGES", "more than 20 requirements"),
        (f"{markers.__name__}.MAX_ANSWERS", "holds on the target cannot be known"),
        (f"{metadata.__name__}.EXTRAS_LIMIT", "more than 20 extras"),
    ],
)
def test_extras_that_ask_for_each_other_are_a_gap(bound: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serve(WORLD, SHAPES["legacy-metadata"]) as index:
        described = {"filename": APP, "url": index.url_of(APP), "hashes": {}, "core-metadata": True}
        index.fail("/simple/app/", action=json_page(described))
        index.fail("*.metadata", action=Answer(body=f"Metadata-Version: 2.4\nName: app\nVersion: 1.0\n{KNOT}".encode()))
        assert check(index, "app").status == 0
        monkeypatch.setattr(bound, 10_000 if "effort" in bound else 20)
        a_gap(index, said)


@pytest.mark.parametrize("shape", [SHAPES["html"], SHAPES["legacy-metadata"]], ids=["ignored", "refused"])
def test_a_wheel_that_is_not_what_the_page_lists_is_a_gap(shape: Shape) -> None:
    """Read whole, since the server knows no ranges; a hash of a part does not exist."""
    wrong = "0" * 64
    right = hashlib.sha256(archive(WORLD.file(PURE))).hexdigest()
    with serve(WORLD, shape) as index:
        for said, status in ((wrong, 3), (right, 0)):
            index.heal()
            index.fail("/simple/pure/", action=json_page(file(index, hashes={"sha256": said})))
            outcome = check(index, "app")
            assert outcome.status == status
    assert right not in outcome.stdout


def test_a_page_that_leads_to_the_local_disk_leads_nowhere(here: Path) -> None:
    (here / PURE).write_bytes(archive(WORLD.file(PURE)))
    local = (here / PURE).as_uri()
    with serve(WORLD) as index:
        for page in (
            json_page({"filename": PURE, "url": local}),
            html_page(local),
            html_page(PURE, head=f'<base href="{here.as_uri()}/">'),
        ):
            index.fail("/simple/pure/", action=page)
            outcome = check(index, "pure")
            assert outcome.status == 3
            assert "the date" not in outcome.stdout
            assert "not-followed" not in outcome.stdout


@pytest.mark.parametrize("place", ["file:///x/", "ftp://h.invalid/", "https:x/", "data:,", "http://[::1/", "http://[/"])
def test_a_release_whose_files_are_out_of_reach_does_not_leave_the_choice_to_an_older_one(place: str) -> None:
    """pip takes it from wherever it is; that the older one is ready says nothing."""
    newer = "pure-2.0-py3-none-any.whl"
    with serve(WORLD) as index:
        index.fail("/simple/pure/", action=json_page(file(index), {"filename": newer, "url": f"{place}{newer}"}))
        outcome = check(index, "pure", "--format", "json")
        assert outcome.status == 3
        assert [one["version"] for one in json.loads(outcome.stdout)["distributions"]] == ["2.0"]
        assert "not-followed" not in outcome.stdout


@pytest.mark.parametrize(
    "filename",
    [f"pure-{LONG}-py3-none-any.whl", f"pure-2.0-cp3{LONG}-cp3{LONG}t-linux_x86_64.whl", f"pure-1!{LONG}.tar.gz"],
)
def test_numbers_that_python_refuses_to_read_are_no_defect(filename: str) -> None:
    with serve(WORLD, PLAIN) as index:
        listed = (file(index), file(index, filename=filename), file(index, **{"requires-python": f">=3,!={LONG}"}))
        index.fail("/simple/pure/", action=json_page(*listed))
        assert check(index, "app").status == 0


@pytest.mark.parametrize("line", [f"pure!={'9' * 4000}", f"pure; python_version < '{'9' * 4000}'"])
def test_monstrous_lines_of_the_user_are_no_defect(here: Path, line: str) -> None:
    (here / "r.txt").write_text(line, encoding="utf-8")
    with serve(WORLD) as index:
        assert check(index, "r.txt").status == 0


@pytest.mark.parametrize("header", [("Cache-Control", f"max-age={LONG}"), ("Retry-After", LONG), ("Age", LONG)])
def test_monstrous_headers_are_no_defect(header: tuple[str, str]) -> None:
    with serve(WORLD, PLAIN) as index:
        index.fail("/simple/pure/", action=json_page(file(index)).adding(header))
        assert check(index, "app").status == 0
