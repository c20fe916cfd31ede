"""An index that lies: about digests, metadata, sizes, URLs, names and what it has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.world import SHAPES, Answer, Index, archive, parse, serve

FT = "cp314-cp314t-manylinux_2_28_x86_64"
GIL = "cp314-cp314-manylinux_2_28_x86_64"
MODULE = "native/_a.cpython-314t-x86_64-linux-gnu.so"

HONEST = parse(f"""
[projects.app]
"1.0" = {{ requires = ["speed"] }}
[projects.speed]
"1.0" = {{ wheels = ["{GIL}"] }}
[projects.native."1.0"]
wheels = ["{FT}", "{GIL}"]
[projects.native."1.0".modules]
"{MODULE}" = "used:40000"
""")
"""``app`` is blocked by what it requires, ``native`` by what its module declares."""

LYING = parse(f"""
[projects.decoy]
"1.0" = {{}}
[projects.app]
"1.0" = {{}}
[projects.native."1.0"]
wheels = ["{FT}", "{GIL}"]
[projects.native."1.0".modules]
"{MODULE}" = "not-used:40000"
[projects.speed]
"1.0" = {{ wheels = ["{FT}", "{GIL}"] }}
""")
"""The same files with contents that hide it, and something harmless."""

SIMPLE_JSON = "application/vnd.pypi.simple.v1+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lie:
    """What one entry of a page says of a file."""

    tells_of: str
    """The file of the honest index whose digests it may claim."""
    digest: str
    """``own``, ``honest``, the same written as ``HONEST`` or `` honest ``, or ``none``."""
    metadata: str
    """Of the ``.metadata`` file: ``own`` or ``honest`` hash, ``wrong`` hash, ``true`` without one, or ``none``."""
    url: str
    """``own``, or ``honest``: the honest index's own file."""
    size: str
    """``own``, ``honest`` or ``none``."""
    extra_name: str
    """A file name under which the file is listed once more; empty: once is enough."""


HONEST_FILES = tuple(file.filename for file in HONEST.files)


def lies(**fixed: str) -> st.SearchStrategy[Lie]:
    """Lies of every kind, save for what is ``fixed``."""
    drawn = {
        "tells_of": st.sampled_from(HONEST_FILES),
        "digest": st.sampled_from(["honest", "HONEST", " honest ", "own", "none"]),
        "metadata": st.sampled_from(["own", "true", "honest", "wrong", "none"]),
        "url": st.sampled_from(["own", "honest"]),
        "size": st.sampled_from(["own", "honest", "none"]),
        "extra_name": st.sampled_from(["", *HONEST_FILES]),
    }
    return st.builds(Lie, **{**drawn, **{name: st.just(value) for name, value in fixed.items()}})


def _entry(filename: str, lie: Lie, lying: Index, honest: Index) -> dict[str, Any]:
    tells_of = filename if filename in HONEST_FILES else lie.tells_of
    entry: dict[str, Any] = {"filename": filename, "hashes": {}}
    entry["url"] = lying.url_of(filename) if lie.url == "own" else honest.url_of(tells_of)
    if lie.digest != "none":
        digest = lying.sha256_of(filename) if lie.digest == "own" else honest.sha256_of(tells_of)
        entry["hashes"] = {
            "honest": {"sha256": digest},
            "own": {"sha256": digest},
            "HONEST": {"SHA256": digest.upper()},
            " honest ": {"sha256": f" {digest} "},
        }[lie.digest]
    if lie.metadata != "none":
        entry["core-metadata"] = {
            "true": True,
            "own": {"sha256": lying.metadata_sha256_of(filename)},
            "honest": {"sha256": honest.metadata_sha256_of(tells_of)},
            "wrong": {"sha256": "0" * 64},
        }[lie.metadata]
    if lie.size != "none":
        of, name = (lying, filename) if lie.size == "own" else (honest, tells_of)
        entry["size"] = len(archive(of.universe.file(name)))
    return entry


def _anchor(entry: Mapping[str, Any]) -> str:
    """The same on an HTML page (PEP 503), where the last part of the URL is the file name."""
    fragment = "&".join(f"{algorithm}={digest}" for algorithm, digest in entry["hashes"].items())
    metadata = entry.get("core-metadata")
    told = f"sha256={metadata['sha256']}" if isinstance(metadata, dict) else metadata and "true"
    attribute = f' data-core-metadata="{told}"' if told else ""
    return f'<a href="{entry["url"]}#{fragment}"{attribute}>{entry["filename"]}</a>'


@contextmanager
def lying_about(honest: Index, told: Mapping[str, Lie]) -> Iterator[Index]:
    """An index that lists the projects of `LYING` for which there is a lie, as the lie has it."""
    with serve(LYING, SHAPES["pypi"]) as lying:
        anchors = ""
        for project in LYING.projects:
            files: list[dict[str, Any]] = []
            for file in project.files if project.name in told else ():
                lie = told[project.name]
                entry = _entry(file.filename, lie, lying, honest)
                files += [entry, {**entry, "filename": lie.extra_name}] if lie.extra_name else [entry]
            if project.name in told:
                body = json.dumps({"meta": {"api-version": "1.0"}, "name": project.name, "files": files}).encode()
                answer = Answer(body=body, headers=(("Content-Type", SIMPLE_JSON), ("Cache-Control", "max-age=600")))
            else:
                answer = Answer(status=404)
            lying.fail(f"/simple/{project.name}/", action=answer)
            anchors += "".join(map(_anchor, files))
        lying.fail("/links/", action=Answer(body=anchors.encode(), headers=(("Content-Type", "text/html"),)))
        yield lying
