"""Input that is cut short, misnamed, broken or empty: one clear error, and nothing else is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.asking import ALL, ask, check, joined, line_at
from tests.support.statements import BLOCKERS, DISTRIBUTIONS, FORMATS, STATEMENTS, write
from tests.world import Index

LOCKS = ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock"]


class TestSeveralFiles:
    """Each is read, whatever the others are."""

    @pytest.mark.parametrize("name", [name for name in FORMATS if name != "hashed requirements"])
    def test_a_file_that_is_cut_short_takes_nothing_else_with_it(self, name: str, index: Index, here: Path) -> None:
        files = STATEMENTS[name].files(index)
        path = f"cut/{FORMATS[name]}"
        text = files[FORMATS[name]]
        # In the middle of a line that cannot end there.
        kept = text[: text.rindex("gil") - 1] if name != "setup.cfg" else f"{text}broken"
        if name in {"script", "environment.yml", "requirements.txt"}:
            kept = text.replace("gil", "?", 1)
        write({path: kept, "other/requirements.txt": "pure\nother\n"}, here)
        answer = check(path, "other/", index=index)
        assert answer.status == 2
        assert answer.blockers["other"] == "other/requirements.txt:2"
        places = [place for place, _ in answer.gaps]
        assert places
        assert all(place.startswith(f"{path}") for place in places)
        if name != "poetry.lock":
            assert any(place.rpartition(":")[2].isdigit() for place in places)
        alone = ask(path, index=index)
        assert alone.status == 2
        assert path in alone.stderr + alone.stdout

    def test_locks_are_projects_of_their_own_and_requirements_files_one(self, index: Index, here: Path) -> None:
        for name in ("uv.lock", "poetry.lock"):
            write(STATEMENTS[name].files(index), here / name.partition(".")[0])
        write({"r.txt": "gil\n", "s.txt": "tester\n"}, here)
        answer = check("uv/", "poetry/", "r.txt", "s.txt", index=index)
        assert answer.status == 1
        assert answer.blockers.keys() == BLOCKERS
        assert answer.distributions == DISTRIBUTIONS
        assert [(each["path"], each["requirements"]) for each in answer.report["inputs"]] == [
            ("uv/uv.lock", 2), ("poetry/poetry.lock", 2), ("r.txt", 1), ("s.txt", 1)
        ]  # fmt: skip

    def test_a_directory_without_anything(self, index: Index, here: Path) -> None:
        write({"empty/README.md": "", "other/requirements.txt": "speed\n"}, here)
        answer = check("empty/", "other/", index=index)
        assert (answer.status, answer.blockers) == (2, {"speed": "other/requirements.txt:1"})
        assert [place for place, _ in answer.gaps] == ["empty"]

    def test_many_lines_that_cannot_be_read_are_no_wall(self, index: Index, here: Path) -> None:
        write({"requirements.txt": "[no]\n" * 50}, here)
        outcome = ask(index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        lines = outcome.stderr.splitlines()
        assert lines[0].startswith("nogilcheck: error: requirements.txt:1: ")
        assert [line.split(":")[1] for line in lines[1:5]] == ["2", "3", "4", "5"]
        assert lines[5:] == ["  and 45 more"]


class TestNothingIsStated:
    @pytest.mark.parametrize(
        ("files", "hint"),
        [
            (["README.md"], "name a file or requirements"),
            (["pyproject.toml", "setup.cfg", "setup.py"], "setup.py is never run"),
            (["Pipfile", "setup.py"], "pipenv lock"),
            (["requirements/a.txt", "requirements/base.txt", "setup.py"], "nogilcheck requirements/base.txt"),
            (["requirements/dev.txt"], "nogilcheck requirements/dev.txt"),
        ],
        ids=["nothing", "settings", "Pipfile", "requirements", "one file"],
    )
    def test_the_error_says_what_to_do(self, files: list[str], hint: str, here: Path) -> None:
        """Project files that hold other settings state nothing either."""
        write({name: "[tool.x]\n" if name.endswith((".toml", ".cfg")) else "" for name in files}, here)
        outcome = ask()
        assert (outcome.status, outcome.stdout) == (2, "")
        assert "no dependency declarations found" in outcome.stderr
        assert hint in outcome.stderr

    def test_files_for_other_settings_are_passed_over(self, index: Index, here: Path) -> None:
        environment = "dependencies:\n- pip:\n  - speed\n"
        write({"pyproject.toml": "[tool.x]\n", "setup.cfg": "[flake8]\n", "environment.yml": environment}, here)
        answer = check(index=index)
        assert answer.blockers == {"speed": "environment.yml:3"}
        assert answer.notes == ""

    @pytest.mark.parametrize(
        ("name", "text", "said"),
        [
            ("pyproject.toml", '[dependency-groups]\ndev = ["speed"]\n', "no requirement was found"),
            ("requirements.txt", "# later\n", "no requirement was found"),
            ("environment.yml", "dependencies:\n- numpy\n", "1 conda package is not checked: numpy"),
            ("requirements.in", "speed ; os_name == 'nt'\n", "no requirement applies"),
            ("pyproject.toml", '[project]\nname = "p"\ndynamic = ["dependencies"]\n', "dynamic"),
        ],
        ids=["none", "empty", "conda", "other systems", "dynamic"],
    )
    def test_a_project_of_which_nothing_can_be_judged_is_not_ready(
        self, name: str, text: str, said: str, index: Index, here: Path
    ) -> None:
        write({name: text}, here)
        outcome = ask(index=index)
        assert (outcome.status, outcome.stderr) == (3, "")
        assert said in joined(outcome.stdout)


class TestOddFiles:
    @pytest.mark.parametrize("change", ["byte order mark", "CRLF"])
    @pytest.mark.parametrize("name", FORMATS)
    def test_what_editors_do_to_files(self, name: str, change: str, index: Index, here: Path) -> None:
        statement = STATEMENTS[name]
        files = statement.files(index)
        text = files[FORMATS[name]]
        files[FORMATS[name]] = f"\ufeff{text}" if change == "byte order mark" else text.replace("\n", "\r\n")
        write(files, here)
        answer = check(*statement.named, *statement.everything, index=index)
        assert (answer.status, answer.gaps) == (1, [])
        assert answer.blockers.keys() == BLOCKERS
        for project, place in answer.blockers.items():
            assert statement.places[project] in line_at(place), place

    @pytest.mark.parametrize("name", FORMATS)
    def test_what_is_not_utf_8_is_one_error_with_its_line(self, name: str, index: Index, here: Path) -> None:
        data = STATEMENTS[name].files(index)[FORMATS[name]].encode().rstrip(b"\n") + b"\n# caf\xe9\n"
        (here / FORMATS[name]).write_bytes(data)
        outcome = ask(f"./{FORMATS[name]}", index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        line = data.count(b"\n")
        assert outcome.stderr.startswith(f"nogilcheck: error: {FORMATS[name]}:{line}: not ")

    @pytest.mark.parametrize("name", [name for name in FORMATS if FORMATS[name] != "requirements.txt"])
    @pytest.mark.parametrize("held", [*LOCKS, "pyproject.toml", "setup.cfg"])
    def test_another_format_under_this_name_is_one_error(self, name: str, held: str, index: Index, here: Path) -> None:
        if name == held:
            pytest.skip("this is the right name")
        write({FORMATS[name]: STATEMENTS[held].files(index)[held]}, here)
        outcome = ask(f"./{FORMATS[name]}", index=index)
        assert (outcome.status, outcome.stdout) == (2, "")
        assert outcome.stderr.startswith(f"nogilcheck: error: {FORMATS[name]}:")
        assert len([line for line in outcome.stderr.splitlines() if not line.startswith("  hint: ")]) == 1
        assert not index.asked("/simple/sample/*")

    @pytest.mark.parametrize(
        ("name", "size"),
        [("uv.lock", 10_000_000), ("Pipfile.lock", 10_000_000), ("poetry.lock", 1_000_000), ("pdm.lock", 1_000_000)],
    )
    def test_a_lock_of_many_megabytes(self, name: str, size: int, index: Index, here: Path) -> None:
        """Of many projects with many files; what is asked for stands at its end."""
        statement = STATEMENTS[name]
        files = statement.files(index)
        files[name] = _grown(name, files[name], size)
        write(files, here)
        answer = check(*(("--extra", "fast") if statement.extra else ("--group", "fast")), index=index)
        assert (answer.status, answer.gaps) == (1, [])
        assert answer.blockers.keys() == BLOCKERS
        for project, place in answer.blockers.items():
            assert statement.places[project] in line_at(place), place

    @pytest.mark.parametrize(
        ("name", "said"),
        # What packaging says of a pylock.toml begins with the package, which is ours.
        [("uv.lock", "tester-2.0-py3-none-any.whl is not of version 1.0"), ("pylock.toml", "tester: ")],
    )
    def test_a_wheel_of_another_version_is_not_taken_for_the_locked_one(
        self, name: str, said: str, index: Index, here: Path
    ) -> None:
        files = STATEMENTS[name].files(index)
        files[name] = files[name].replace("tester-1.0-py3", "tester-2.0-py3")
        write(files, here)
        answer = check(*ALL)
        assert answer.status == 2
        assert any(said in text for _, text in answer.gaps)

    @pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock"])
    def test_nor_one_without_a_url(self, name: str, index: Index, here: Path) -> None:
        files = STATEMENTS[name].files(index)
        files[name] = files[name].replace("tester-1.0-py3", "tester-2.0-py3")
        write(files, here)
        unknown = [each["distribution"] for each in check(*ALL).report["findings"] if each["status"] == "unknown"]
        assert unknown == ["tester"]


_ENTRIES = {
    "uv.lock": (
        'source = { registry = "https://pypi.org/simple" }\nwheels = [',
        '    {{ url = "https://files.test/{0}", hash = "sha256:{1}" }},',
    ),
    "poetry.lock": (
        'optional = true\npython-versions = "*"\ngroups = ["more"]\nfiles = [',
        '    {{file = "{0}", hash = "sha256:{1}"}},',
    ),
    "pdm.lock": ('groups = ["more"]\nfiles = [', '    {{file = "{0}", hash = "sha256:{1}"}},'),
}
"""What comes after the version of an entry, and the pattern of a file."""


def _grown(name: str, text: str, size: int) -> str:
    """A lock of so many bytes, with entries that the core does not ask for."""
    if name == "Pipfile.lock":  # where the hashes of an entry are what makes it large
        data = json.loads(text)
        data["default"]["pure"]["hashes"] += [f"sha256:{number:064x}" for number in range(size // 90)]
        return json.dumps(data, indent=4) + "\n"
    head, row = _ENTRIES[name]

    def entry(number: int) -> str:
        wheels = [f"filler{number}-1.0-cp3{minor}-cp3{minor}-win_amd64.whl" for minor in range(10, 99)]
        files = [row.format(wheel, "0" * 64) for wheel in wheels]
        return "\n".join(["[[package]]", f'name = "filler{number}"', 'version = "1.0"', head, *files, "]\n\n"])

    at = text.index("[[package]]")
    return text[:at] + "".join(map(entry, range(size // len(entry(100)) + 1))) + text[at:]
