from __future__ import annotations

from pathlib import Path

import pytest

from nogilcheck.model.source import IndexSettings
from tests.unit.inputs.reading import complaint, read, read_text, write


def settings(text: str, **flags: object) -> IndexSettings:
    inputs = read_text(text, flags=IndexSettings(**flags))  # type: ignore[arg-type]
    assert all(unread.setting for unread in inputs.unread)
    return inputs.settings


class TestIndexes:
    def test_an_index_url_replaces_what_was_said_before(self) -> None:
        found = settings("--extra-index-url A\n-i B\n--extra-index-url C\n-i D --extra-index-url E\n")
        assert (found.index_url, found.extra_index_urls) == ("D", ("E",))

    def test_no_index_clears_and_lasts(self) -> None:
        found = settings("-i A\n--extra-index-url B\n--no-index\n-i C\n")
        assert (found.no_index, found.index_url, found.extra_index_urls) == (True, None, ())

    def test_flags_win(self) -> None:
        found = settings("-i A\n--extra-index-url B\n", index_url="F", extra_index_urls=("G",))
        assert (found.index_url, found.extra_index_urls) == ("F", ("G", "B"))

    def test_no_index_as_a_flag(self) -> None:
        found = settings("-i A\n--extra-index-url B\n", no_index=True, find_links=("/w",))
        assert (found.index_url, found.extra_index_urls, found.find_links) == (None, (), ("/w",))

    def test_credentials_are_kept_for_the_index(self) -> None:
        assert settings("-i https://u:p@h/simple\n").index_url == "https://u:p@h/simple"


class TestFindLinks:
    def test_beside_the_file_before_the_working_directory(self, here: Path) -> None:
        write({"sub/a.txt": "-f wheels\n-f only-here\n-f https://h/x\n", "sub/wheels/x": "", "wheels/x": ""})
        write({"only-here/x": ""})
        found = read("sub/a.txt").settings.find_links
        assert found == (str(here / "sub/wheels"), str(here / "only-here"), "https://h/x")

    def test_file_urls_become_paths(self, here: Path) -> None:
        write({"w/x": ""})
        assert settings(f"-f {here.as_uri()}/w\n").find_links == (str(here / "w"),)

    def test_flags_come_first(self, here: Path) -> None:
        write({"w/x": ""})
        assert settings("-f w\n", find_links=("https://f",)).find_links == ("https://f", str(here / "w"))

    def test_only_the_first_of_a_line_counts(self) -> None:
        write({"a/x": "", "b/x": ""})
        inputs = read_text("-f a -f b\n")
        assert [Path(each).name for each in inputs.settings.find_links] == ["a"]
        assert "ignored" in inputs.notes[0]

    def test_missing_is_noted(self) -> None:
        inputs = read_text("-f nope\n")
        assert inputs.unread == ()
        assert any("nope does not exist" in note for note in inputs.notes)

    def test_file_url_of_another_host(self) -> None:
        assert "host" in complaint("-f file://host/x\n").text

    def test_malformed_url(self) -> None:
        assert complaint("-f http://[x\n").text.endswith(": -f http://[x")


class TestFormats:
    @pytest.mark.parametrize(
        ("text", "only", "no"),
        [
            ("--only-binary A.b,c", {"a-b", "c"}, set()),
            ("--only-binary a --no-binary A", set(), {"a"}),
            ("--only-binary a\n--no-binary a\n", set(), {"a"}),
            ("--no-binary a\n--only-binary :all:", {":all:"}, set()),
            ("--only-binary a,:all:,b", {":all:"}, set()),
            ("--only-binary :all:,:none:,b", {"b"}, set()),
            ("--only-binary :all:\n--only-binary :none:", set(), set()),
            ("--only-binary :all: --no-binary a", {":all:"}, {"a"}),
            ("--only-binary=:all:,x,:all:,y", {":all:"}, set()),
        ],
    )
    def test_as_in_pip(self, text: str, only: set[str], no: set[str]) -> None:
        found = settings(text + "\n")
        assert (found.only_binary, found.no_binary) == (frozenset(only), frozenset(no))

    def test_flags_win(self) -> None:
        found = settings("--no-binary a\n--no-binary :all:\n--only-binary b\n", only_binary=frozenset({"a"}))
        assert (found.only_binary, found.no_binary) == (frozenset({"a", "b"}), frozenset({":all:"}))

    def test_nothing_takes_a_flag_back(self) -> None:
        found = settings("--only-binary :none:\n", only_binary=frozenset({":all:"}))
        assert found.only_binary == {":all:"}


class TestReleases:
    @pytest.mark.parametrize(
        ("text", "pre"),
        [
            ("--pre", True),
            ("--all-releases :all:", True),
            ("--all-releases a", False),
            ("--pre\n--only-final :all:", False),
            ("--only-final :all:\n--pre", True),
            ("a --pre", False),
        ],
    )
    def test_pre(self, text: str, pre: bool) -> None:
        assert settings(text + "\n").pre is pre

    def test_pre_as_a_flag_stays(self) -> None:
        assert settings("--only-final :all:\n", pre=True).pre

    @pytest.mark.parametrize("text", ["--all-releases b,A", "--only-final A", "--only-final :all:", "--prefer-binary"])
    def test_what_is_not_followed_is_said(self, text: str) -> None:
        (unread,) = read_text(text + "\n").unread
        assert unread.location.line == 1
        assert text.partition(" ")[0] in unread.text

    def test_trusted_host(self) -> None:
        (note,) = read_text("--trusted-host h.example:80\n").notes
        assert "h.example:80" in note


class TestHashes:
    @pytest.mark.parametrize(
        ("text", "required"),
        [
            ("a\n", False),
            ("a --hash=sha256:aa\n", True),
            ("a --hash=sha256:aa\n--no-require-hashes\n", False),
            ("--require-hashes\n", True),
            ("--no-require-hashes\n", False),
            ("--hash=sha256:aa\n", False),
        ],
    )
    def test_required(self, text: str, required: bool) -> None:
        assert settings(text).require_hashes is required

    def test_both_options_exclude_one_another(self) -> None:
        assert complaint("--require-hashes\n--no-require-hashes\n").location.line == 2
        inputs = read_text("--no-require-hashes\n", flags=IndexSettings(require_hashes=True))
        assert inputs.settings.require_hashes
        assert len(inputs.unread) == 1


def test_several_files_are_one_project() -> None:
    write({"a.txt": "--pre\n-i A\na\n", "b.txt": "-i B\nb\n"})
    found = read("a.txt", "b.txt").settings
    assert (found.pre, found.index_url) == (True, "B")
