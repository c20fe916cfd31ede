"""No index decides for another: a second one that lies never makes of a blocked result a ready one."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.command import Outcome, run
from tests.support.lying_index import GIL, HONEST, HONEST_FILES, LYING, Lie, lies, lying_about
from tests.world import Index, serve

pytestmark = pytest.mark.usefixtures("judging_here")

NAMES = tuple(project.name for project in LYING.projects)

ASKED = {"app": ("app",), "native": ("native", "--scan")}
"""What is blocked on the honest index, by its own account."""

worlds = st.fixed_dictionaries({"decoy": lies()}, optional={name: lies() for name in NAMES if name != "decoy"})
"""What the lying index lists, and how."""

WAYS = ("alone", "beside", "links", "named", "lock")


@pytest.fixture(scope="module")
def honest() -> Iterator[Index]:
    with serve(HONEST) as index:
        yield index


def ask(cache: Path, *arguments: str) -> Outcome:
    outcome = run("check", *arguments, "--python", "3.14t", "--cache-dir", str(cache))
    assert "Traceback" not in outcome.stderr
    return outcome


def _lock(directory: Path, lying: Index, honest: Index, told: Mapping[str, Lie]) -> Path:
    """A pylock.toml that names the files of the lying index, with the digests of the honest one."""
    lines = ['lock-version = "1.0"', 'created-by = "somebody"']
    for file in LYING.files:
        if file.project in told and GIL not in file.filename:
            of = honest if file.filename in HONEST_FILES else lying
            lines += ["", "[[packages]]", f'name = "{file.project}"', 'version = "1.0"', f'index = "{honest.url}"']
            wheel = f'name = "{file.filename}", url = "{lying.url_of(file.filename)}"'
            lines += [f'wheels = [{{ {wheel}, hashes = {{ sha256 = "{of.sha256_of(file.filename)}" }} }}]']
    path = directory / "pylock.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _listen(way: str, cache: Path, directory: Path, lying: Index, honest: Index, told: Mapping[str, Lie]) -> None:
    """Let the lying index say what it has to say, with the cache at hand."""
    names = [*told]
    match way:
        case "alone":
            ask(cache, *names, "--index-url", lying.url, "--scan")
        case "beside":
            ask(cache, *names, "--index-url", honest.url, "--extra-index-url", lying.url, "--scan")
        case "links":
            ask(cache, *names, "--index-url", honest.url, "--find-links", f"{lying.base}/links/", "--scan")
        case "named":
            references = [
                f"{file.project} @ {lying.url_of(file.filename)}#sha256={honest.sha256_of(told[file.project].tells_of)}"
                for file in LYING.files
                if file.project in told
            ]
            for number, reference in enumerate(references):
                path = directory / f"r{number}.txt"
                path.write_text(f"{reference}\n", encoding="utf-8")
                ask(cache, str(path), "--index-url", honest.url, "--scan")
        case "lock":
            ask(cache, str(_lock(directory, lying, honest, told)), "--index-url", honest.url, "--scan")


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=worlds, way=st.sampled_from(WAYS))
def test_what_one_index_said_decides_nothing_about_another(
    honest: Index, question: Sequence[str], told: Mapping[str, Lie], way: str
) -> None:
    """Before, in between, with the cache in every state."""
    with tempfile.TemporaryDirectory() as made, lying_about(honest, told) as lying:
        directory = Path(made)
        cache, untouched = directory / "cache", directory / "untouched"
        here = (*question, "--index-url", honest.url, "--format", "json")
        right = ask(untouched, *here)
        assert right.status == 1
        _listen(way, cache, directory, lying, honest, told)
        for state in ((), (), ("--refresh",), ("--max-age", "0"), ("--offline",)):
            assert ask(cache, *here, *state) == right, (way, state)
            if not state:
                _listen(way, cache, directory, lying, honest, told)


FOR_DECOY = {1, 2}
"""Exit statuses where ``decoy`` is asked for as well: where its metadata are those of another, it has no release."""


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=worlds)
def test_an_index_that_comes_second_does_not_count_for_what_the_first_has(
    honest: Index, question: Sequence[str], told: Mapping[str, Lie]
) -> None:
    with tempfile.TemporaryDirectory() as made, lying_about(honest, told) as lying:
        cache = Path(made)
        indexes = ("--index-url", lying.url, "--extra-index-url", honest.url, "--index-strategy", "first-index")
        for state in ((), (), ("--refresh",)):
            outcome = ask(cache, *question, "decoy", *indexes, *state, "--format", "json")
            assert outcome.status in FOR_DECOY
            blocked = {
                one["distribution"] for one in json.loads(outcome.stdout)["findings"] if one["severity"] == "blocker"
            }
            assert blocked & {"speed", "native"}


as_honest = st.sampled_from(["honest", "HONEST", " honest "]).flatmap(lambda said: lies(digest=said, extra_name=""))
copies = st.fixed_dictionaries({"decoy": lies()}, optional=dict.fromkeys(ASKED, as_honest))
"""The lying index has the files of the honest one as well, by what it says of them; its own it may tell lies of."""


@pytest.mark.parametrize("question", ASKED.values(), ids=ASKED)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=copies, place=st.sampled_from(["index", "links"]))
def test_an_index_beside_it_does_not_tell_what_is_in_the_same_files(
    honest: Index, question: Sequence[str], told: Mapping[str, Lie], place: str
) -> None:
    """pip merges the two, and refuses a file that is not what its index says; a find-links page is one, too."""
    with tempfile.TemporaryDirectory() as made, lying_about(honest, told) as lying:
        cache = Path(made)
        other = ("--extra-index-url", lying.url) if place == "index" else ("--find-links", f"{lying.base}/links/")
        indexes = ("--index-url", honest.url, *other)
        for state in ((), (), ("--refresh",), ("--max-age", "0")):
            outcome = ask(cache, *question, "decoy", *indexes, *state, "--format", "json")
            assert outcome.status in FOR_DECOY, state


@pytest.mark.parametrize("digest", ["none", "own", "HONEST", "honest"])
def test_the_wheel_of_which_an_installer_takes_the_file_is_scanned(honest: Index, cache_dir: Path, digest: str) -> None:
    """Of equals pip takes that of the index, not that of a find-links location with a file of the same name."""
    lie = Lie(tells_of=HONEST_FILES[0], digest=digest, metadata="own", url="own", size="own", extra_name="")
    with lying_about(honest, {"native": lie}) as lying:
        indexes = ("--index-url", honest.url, "--find-links", f"{lying.base}/links/")
        for state in ((), ("--refresh",)):
            assert ask(cache_dir, "native", "--scan", *indexes, *state).status == 1
