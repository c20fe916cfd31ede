"""Requirements files: each row of what pip does and parsers get wrong, and positions."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nogilcheck.inputs.requirements import reader as requirements
from nogilcheck.inputs.text import sources
from nogilcheck.inputs.text.input_fingerprint import MAX_FILE_BYTES
from nogilcheck.model.source import Location, Root
from tests.unit.inputs.reading import Web, complaint, names, read, read_text, root, write


def test_a_plain_line() -> None:
    assert root("\nNumPy[B,a] >= 1 ; os_name == 'x'  # why\n") == Root(
        requirement="NumPy[B,a] >= 1 ; os_name == 'x'",
        name="numpy",
        specifier=">=1",
        extras=("a", "b"),
        marker='os_name == "x"',
        location=Location(path="r.txt", line=2),
    )


def test_positions_are_those_of_the_first_physical_line() -> None:
    inputs = read_text("a \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n\n# x\nb\n--nope \\\n --pre\nc\n")
    assert [(each.name, each.location.line) for each in inputs.roots] == [("a", 1), ("b", 6), ("c", 9)]
    assert inputs.roots[0].hashes == ("sha256:aa", "sha256:bb")
    assert inputs.roots[0].requirement == "a"
    assert [str(each.location) for each in inputs.unread] == ["r.txt:7"]


def test_reading_goes_on_after_each_line_that_cannot_be_read() -> None:
    inputs = read_text("a\nb=1\nc\n--nope\n./nope\nd\n")
    assert names(inputs) == ["a", "c", "d"]
    assert [each.location.line for each in inputs.unread] == [2, 4, 5]
    assert [each.text.rpartition(": ")[2] for each in inputs.unread] == ["b=1", "--nope", "./nope"]


class TestVariables:
    def test_expanded_everywhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VERSION", "1.2.3")
        monkeypatch.setenv("HOST", "h.example")
        inputs = read_text("a==${VERSION}\n-i https://${HOST}/simple\n")
        assert inputs.roots[0].specifier == "==1.2.3"
        assert inputs.roots[0].requirement == "a==${VERSION}"
        assert inputs.settings.index_url == "https://h.example/simple"

    def test_unset_ones_stay(self) -> None:
        assert complaint("a==${NOT_SET_HERE}\n").text.endswith("a==${NOT_SET_HERE}")

    def test_values_are_shown_nowhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TOKEN", "s3cret")
        inputs = read_text(
            "a @ https://${TOKEN}@h/x\nb=${TOKEN}\n--${TOKEN}\n-e git+https://h/${TOKEN}#egg=c\nd --pre ${TOKEN}\n"
            "-r https://h/${TOKEN}/x.txt\n./${TOKEN}\n-f https://h/${TOKEN}\n"
        )
        shown = [each.requirement for each in inputs.roots]
        shown += [f"{each.location} {each.text} {each.hint}" for each in inputs.unread]
        shown += inputs.notes
        assert not [text for text in shown if "s3cret" in text]
        assert len(inputs.unread) == 4

    def test_each_is_witnessed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SET", "1")
        inputs = read_text("a==${SET}\nb==${NOT_SET_HERE}\n")
        assert inputs.witnesses is not None
        variables = {each.name: each.sha256 for each in inputs.witnesses if each.kind == "variable"}
        assert variables["NOT_SET_HERE"] == ""
        assert variables["SET"]


class TestRequirementOptions:
    @pytest.mark.parametrize("option", ["--config-settings a=b", "-C a=b", "-Ca=b", "--config-settings=a=b"])
    def test_config_settings(self, option: str) -> None:
        write({"project/pyproject.toml": ""})
        assert root(f"a {option}\n").name == "a"
        assert root(f"-e ./project {option}\n").editable

    @pytest.mark.parametrize("option", ["--pre", "--index-url X", "-r other.txt", "--no-index", "-f x", "-c x"])
    def test_options_of_the_run_are_ignored_and_noted(self, option: str) -> None:
        inputs = read_text(f"a {option}\n")
        assert names(inputs) == ["a"]
        assert (inputs.settings.pre, inputs.settings.no_index, inputs.settings.index_url) == (False, False, None)
        (note,) = inputs.notes
        assert note.startswith("r.txt:1: ")
        assert "ignored, as pip does" in note

    @pytest.mark.parametrize(
        "option", ["--global-option=x", "--install-option=x", "--nope", "--hash=md5:aa", "--hash=aa"]
    )
    def test_rejected(self, option: str) -> None:
        assert complaint(f"a {option}\n").location.line == 1

    def test_formats_count_even_here_as_in_pip(self) -> None:
        assert read_text("a --only-binary=B\n").settings.only_binary == {"b"}

    def test_hash_of_an_editable_is_dropped(self) -> None:
        write({"project/pyproject.toml": ""})
        inputs = read_text("-e ./project --hash=sha256:aa\n")
        assert inputs.roots[0].hashes == ()
        assert not inputs.settings.require_hashes
        assert "--hash" in inputs.notes[0]

    def test_stray_words_are_noted(self) -> None:
        inputs = read_text("--pre stray\n")
        assert inputs.settings.pre
        assert inputs.notes == ("r.txt:1: stray: ignored, as pip does",)


class TestEditables:
    def test_directory(self, here: Path) -> None:
        write({"project/pyproject.toml": ""})
        found = root("-e ./project[x]  # c\n")
        assert found.requirement == "-e ./project[x]"
        assert (found.editable, found.extras, found.name) == (True, ("x",), None)
        assert found.url == (here / "project").as_uri()

    def test_name_at_url(self) -> None:
        found = root("-e 'foo @ git+https://u:p@h/x'\n")
        assert (found.name, found.url, found.editable) == ("foo", "git+https://h/x", True)
        assert found.requirement == "-e foo @ git+https://***@h/x"

    def test_only_the_first_of_a_line_counts(self) -> None:
        write({"one/setup.py": "", "two/setup.py": ""})
        inputs = read_text("-e one -e two\n")
        assert [each.location.path for each in inputs.unread] == ["one/setup.py"]
        assert all(each.needs_build for each in inputs.unread)
        assert len(inputs.notes) == 1

    def test_a_name_before_it_is_its_target(self) -> None:
        write({"one/setup.py": ""})
        assert "-e numpy" in complaint("numpy -e one\n").text


class TestConstraints:
    def test_are_kept_apart(self) -> None:
        write({"c.txt": "a<2\nb @ https://h/x\n"})
        inputs = read_text("a\n-c c.txt\n")
        assert names(inputs) == ["a"]
        assert [(each.name, str(each.location)) for each in inputs.constraints] == [("a", "c.txt:1"), ("b", "c.txt:2")]
        assert inputs.files[0].requirements == 1

    @pytest.mark.parametrize("line", ["a[b]<2", "-e ./project", "./project", "https://h/x"])
    def test_that_pip_rejects(self, line: str) -> None:
        write({"c.txt": f"{line}\n", "project/pyproject.toml": ""})
        assert str(complaint("-c c.txt\n").location) == "c.txt:1"

    def test_requirements_included_by_constraints_are_requirements_as_in_pip(self) -> None:
        write({"c.txt": "-r d.txt\na<2\n", "d.txt": "b\n"})
        inputs = read_text("-c c.txt\n")
        assert names(inputs) == ["b"]
        assert [each.name for each in inputs.constraints] == ["a"]

    def test_with_hashes_require_hashes(self) -> None:
        write({"c.txt": "a==1 --hash=sha256:aa\n"})
        inputs = read_text("a\n-c c.txt\n")
        assert inputs.settings.require_hashes
        assert inputs.constraints[0].hashes == ("sha256:aa",)


class TestIncludes:
    def test_are_relative_to_the_file_and_paths_in_it_to_the_working_directory(self, here: Path) -> None:
        write({"sub/a.txt": "-r b.txt\n-r ../c.txt\n", "sub/b.txt": "./project\n", "c.txt": "c\n"})
        write({"project/pyproject.toml": "", "sub/project/pyproject.toml": ""})
        inputs = read_text("-r sub/a.txt\n")
        assert inputs.roots[0].url == (here / "project").as_uri()
        assert [str(each.location) for each in inputs.roots] == [str(Path("sub/b.txt:1")), "c.txt:1"]
        assert inputs.files[0].requirements == 2

    def test_outside_the_working_directory_have_absolute_paths(self, here: Path) -> None:
        write({"../out.txt": "a\n"})
        assert read_text("-r ../out.txt\n").roots[0].location.path == str(here.parent / "out.txt")

    def test_only_the_first_of_a_line_counts(self) -> None:
        write({"a.txt": "a\n", "b.txt": "b\n"})
        inputs = read_text("-r a.txt -r b.txt --pre\n")
        assert names(inputs) == ["a"]
        assert not inputs.settings.pre
        assert "--pre" in inputs.notes[0]

    def test_twice_says_nothing_new(self) -> None:
        write({"a.txt": "-r base.txt\n", "b.txt": "-r base.txt\n", "base.txt": "x\ny=1\n"})
        inputs = read_text("-r a.txt\n-r b.txt\n")
        assert names(inputs) == ["x"]
        assert len(inputs.unread) == 1

    @pytest.mark.parametrize(
        ("files", "place"),
        [
            ({"r.txt": "-r r.txt\na\n"}, "r.txt:1"),
            ({"r.txt": "-r ./x/../r.txt\na\n"}, "r.txt:1"),
            ({"r.txt": "-r b.txt\na\n", "b.txt": "-r c.txt\n", "c.txt": "\n-r b.txt\n"}, "c.txt:2"),
            ({"r.txt": "-c b.txt\na\n", "b.txt": "-c b.txt\n"}, "b.txt:1"),
        ],
    )
    def test_a_cycle_is_one_unread_line(self, files: dict[str, str | bytes], place: str) -> None:
        write(files)
        inputs = read("r.txt")
        assert names(inputs) == ["a"]
        (unread,) = inputs.unread
        assert str(unread.location) == place
        assert "includes itself" in unread.text

    def test_two_self_includes_do_not_explode(self) -> None:
        inputs = read_text("-r r.txt\n-r r.txt\na\n")
        assert names(inputs) == ["a"]
        assert [each.location.line for each in inputs.unread] == [1, 2]

    def test_missing(self) -> None:
        write({"requirements-dev.txt": ""})
        unread = complaint("\n-r requirement-dev.txt\n")
        assert str(unread.location) == "r.txt:2"
        assert unread.text == "requirement-dev.txt: no such file"
        assert unread.hint == "Did you mean requirements-dev.txt?"

    def test_directory(self) -> None:
        Path("sub").mkdir()
        assert complaint("-r sub\n").text == "sub: a directory, not a file"

    def test_a_name_that_no_file_can_have(self) -> None:
        assert "cannot be read: " in complaint(f"-r {'x' * 5000}\n").text
        assert "cannot be read: " in complaint("-r x\0y\n").text

    def test_file_url(self, here: Path) -> None:
        write({"sub/a.txt": "-r b.txt\n", "sub/b.txt": "b\n"})
        inputs = read_text(f"-r {here.as_uri()}/sub/a.txt\n")
        assert [str(each.location) for each in inputs.roots] == [str(Path("sub/b.txt:1"))]
        assert inputs.witnesses is not None
        assert "host" in complaint("-r file://host/x.txt\n").text


class TestRemote:
    def test_includes_are_relative_to_the_url(self) -> None:
        web = Web({"https://u:p@h/x/a.txt": b"-r ../b.txt\na\n", "https://u:p@h/b.txt": b"b\n"})
        write({"r.txt": "-r https://u:p@h/x/a.txt\n"})
        inputs = read("r.txt", fetch=web)
        assert inputs.unread == ()
        assert [str(each.location) for each in inputs.roots] == ["https://h/b.txt:1", "https://h/x/a.txt:2"]
        assert inputs.witnesses is None

    def test_fetched_once(self) -> None:
        web = Web({"https://h/a.txt": b"a\n"})
        write({"r.txt": "-r https://h/a.txt\n-c https://h/a.txt#x\n"})
        inputs = read("r.txt", fetch=web)
        assert web.asked == ["https://h/a.txt"]
        assert (len(inputs.roots), len(inputs.constraints)) == (1, 1)

    def test_failure_is_told_at_the_line_without_credentials(self) -> None:
        write({"r.txt": "a\n-r https://u:s3cret@h/a.txt\n"})
        inputs = read("r.txt", fetch=Web({}))
        assert names(inputs) == ["a"]
        (unread,) = inputs.unread
        assert str(unread.location) == "r.txt:2"
        assert "404 Not Found" in unread.text
        assert "s3cret" not in unread.text
        assert unread.hint == "Check the address."

    def test_without_a_way_to_fetch(self) -> None:
        assert "cannot be fetched" in complaint("-r https://h/a.txt\n").text

    def test_cycle(self) -> None:
        write({"r.txt": "-r https://h/a.txt\n"})
        inputs = read("r.txt", fetch=Web({"https://h/a.txt": b"-r a.txt\na\n"}))
        assert names(inputs) == ["a"]
        assert "includes itself" in inputs.unread[0].text

    def test_cannot_include_local_files(self) -> None:
        write({"r.txt": "-r https://h/a.txt\n", "secret.txt": "secret\n"})
        target = Path("secret.txt").resolve().as_uri()
        inputs = read("r.txt", fetch=Web({"https://h/a.txt": f"-r {target}\na\n".encode()}))
        assert names(inputs) == ["a"]
        assert "local file" in inputs.unread[0].text

    @pytest.mark.parametrize("url", ["http://", "http://[x"])
    def test_malformed(self, url: str) -> None:
        write({"r.txt": f"-r {url}\n-r https://h/a.txt\n"})
        web = Web({"https://h/a.txt": f"-r {url}\n".encode()})
        assert [str(each.location) for each in read("r.txt", fetch=web).unread] == ["r.txt:1", "https://h/a.txt:1"]
        assert web.asked == ["https://h/a.txt"]


class TestBounds:
    def test_depth(self) -> None:
        write({f"{n}.txt": f"a{n}\n-r {n + 1}.txt\n" for n in range(requirements.MAX_DEPTH + 2)})
        inputs = read("0.txt")
        assert len(inputs.roots) == requirements.MAX_DEPTH
        assert [str(each.location) for each in inputs.unread] == [f"{requirements.MAX_DEPTH - 1}.txt:2"]

    def test_doubling_includes_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(requirements, "MAX_INCLUDES", 40)
        write({f"{n}.txt": f"-r {n + 1}.txt\n-r {n + 1}.txt\n" for n in range(25)})
        write({"25.txt": "a\n"})
        inputs = read("0.txt")
        assert any("more than 40 files" in each.text for each in inputs.unread)

    def test_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(requirements, "MAX_LINES", 3)
        write({"a.txt": "a\nb\n\n# x\nc\nd\ne\n", "b.txt": "f\n"})
        inputs = read("a.txt", "b.txt")
        assert names(inputs) == ["a", "b", "c"]
        assert [str(each.location) for each in inputs.unread] == ["a.txt:6"]

    def test_long_lines(self) -> None:
        inputs = read_text("a\n" + "b" * 300_000 + "\nc\n")
        assert names(inputs) == ["a", "c"]
        assert [each.location.line for each in inputs.unread] == [2]
        assert len(inputs.unread[0].text) < 200

    def test_size(self) -> None:
        write({"r.txt": b"a\n" * (MAX_FILE_BYTES // 2 + 1)})
        inputs = read("r.txt")
        assert inputs.roots == ()
        assert "larger than 32 MiB" in inputs.unread[0].text

    def test_size_of_remote_files(self) -> None:
        write({"r.txt": "-r https://h/a.txt\n"})
        inputs = read("r.txt", fetch=Web({"https://h/a.txt": b"#" * (MAX_FILE_BYTES + 1)}))
        assert "larger than 32 MiB" in inputs.unread[0].text

    def test_total_size(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sources, "MAX_TOTAL_BYTES", 20)
        write({"a.txt": "a\n" + "#" * 10, "b.txt": "b\n" + "#" * 10})
        inputs = read("a.txt", "b.txt")
        assert names(inputs) == ["a"]
        assert inputs.unread[0].location.path == "b.txt"

    def test_many_blanks_are_not_slow(self) -> None:
        """Each of these is quadratic in a careless regular expression: it would not end."""
        assert names(read_text("a" + " " * 250_000 + "b\n" + "c" + " " * 250_000 + "# d\n")) == ["c"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_once_and_cannot_be_replayed() -> None:
    import threading

    os.mkfifo("pipe.txt")
    writer = threading.Thread(target=Path("pipe.txt").write_text, args=("a\n",))
    writer.start()
    inputs = read("pipe.txt")
    writer.join()
    assert names(inputs) == ["a"]
    assert inputs.witnesses is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize("name", ["pipe.txt", "uv.lock", "pylock.toml", "pyproject.toml", "Pipfile.lock"])
def test_a_pipe_that_nobody_writes_to_is_given_up(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr("nogilcheck.inputs.text.pipes.SECONDS", 0.05)
    os.mkfifo(name)
    assert "nobody writes to this pipe" in read(name).unread[0].text


class TestRemoteFilesAreNotTrusted:
    @pytest.mark.parametrize(
        "line",
        ["./lib", "-e ./lib", "x @ file:///etc/x-1.0-py3-none-any.whl", "file:///etc/x-1.0-py3-none-any.whl", "-f /etc",
         "-f ./lib", "--find-links file:///etc/", "--index-url /etc/", "--extra-index-url file:///etc/", "-r file:///etc/r.txt",
         "-c file:///etc/r.txt"],
    )  # fmt: skip
    def test_no_local_path_is_taken_from_one(self, line: str) -> None:
        Path("lib").mkdir()
        Path("lib/pyproject.toml").write_text("[project]\nname = 'lib'\nversion = '1'\n", encoding="utf-8")
        write({"r.txt": "-r https://h/a.txt\n"})
        inputs = read("r.txt", fetch=Web({"https://h/a.txt": f"{line}\na\n".encode()}))
        assert names(inputs) == ["a"]
        assert [str(each.location) for each in inputs.unread] == ["https://h/a.txt:1"]
        assert not inputs.settings.find_links
        assert not inputs.settings.index_url

    def test_what_one_learns_of_the_environment_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PASSPHRASE", "open-sesame")
        write({"r.txt": "-r https://h/a.txt\n"})
        inputs = read("r.txt", fetch=Web({"https://h/a.txt": b"--index-url https://h/${PASSPHRASE}/simple/\na\n"}))
        assert inputs.settings.index_url == "https://h/open-sesame/simple/"
        assert ["${PASSPHRASE}" in note and "https://h/a.txt:1" in note for note in inputs.notes] == [True]
        assert "sesame" not in "".join(inputs.notes)
