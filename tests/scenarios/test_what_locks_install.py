"""Where the project beside a lock, or another part of it, would say something else: what the installer uses counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.asking import Answer, ask, check
from tests.support.statements import write

_HASH = "sha256:" + "00" * 32
_GIL = "cp314-cp314-manylinux_2_28_x86_64"
_PURE = "py3-none-any"


def _got(answer: Answer) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in answer.report["distributions"]:
        found.setdefault(each["name"], []).append(each["version"])
    return {name: sorted(versions) for name, versions in found.items()}


class TestPoetry:
    """``poetry install`` goes by the markers of the lock (2.1), ``installer.re-resolve`` being off."""

    def _write(self, here: Path, lib: str, *, requires: str = "", more: str = "", project: str = "") -> None:
        def package(name: str, tag: str, lines: str) -> str:
            return f"""\
[[package]]
name = "{name}"
version = "1.0"
optional = false
python-versions = "*"
{lines}
files = [{{file = "{name}-1.0-{tag}.whl", hash = "{_HASH}"}}]
"""

        metadata = '[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\n'
        packages = package("lib", _GIL, lib) + package("six", _PURE, 'groups = ["main"]') + requires + more
        write({"poetry.lock": packages + metadata}, here)
        text = f"""\
[project]
name = "demo"
version = "1"
requires-python = ">=3.11"
dependencies = ["six"{project}]

[dependency-groups]
dev = ["lib"]
"""
        write({"pyproject.toml": text}, here)

    @pytest.mark.parametrize(
        ("lib", "project", "arguments", "blocked"),
        [
            # The lock says that it is there, and the project that it is not.
            ('groups = ["main"]', ', "lib ; python_version < \\"3.13\\""', (), True),
            ('groups = ["main", "dev"]\nmarkers = {main = "python_version >= \\"3.11\\""}',
             ', "lib ; python_version < \\"3.13\\""', (), True),
            # The other way round.
            ('groups = ["main"]\nmarkers = "python_version < \\"3.13\\""', ', "lib"', (), False),
            ('groups = ["main", "dev"]\nmarkers = {main = "python_version < \\"3.13\\""}', ', "lib"', (), False),
            # The group is asked for as well, and its marker holds.
            ('groups = ["main", "dev"]\nmarkers = {main = "python_version < \\"3.13\\""}',
             ', "lib"', ("--group", "dev"), True),
            ('groups = ["dev"]', "", (), False),
            ('groups = ["dev"]', "", ("--group", "dev"), True),
            ('groups = ["main", "dev"]\nmarkers = {main = "extra == \\"fast\\"", dev = "python_version < \\"3\\""}',
             ', "lib"', ("--group", "dev"), False),
        ],
    )  # fmt: skip
    def test_its_markers_count(
        self, lib: str, project: str, arguments: tuple[str, ...], blocked: bool, here: Path
    ) -> None:
        self._write(here, lib, project=project)
        answer = check(*arguments)
        assert (answer.status, "lib" in answer.distributions) == ((1, True) if blocked else (0, False))

    def test_a_dependency_has_the_marker_of_its_entry(self, here: Path) -> None:
        asker = f"""\
[[package]]
name = "asker"
version = "1.0"
optional = false
python-versions = "*"
groups = ["main"]
files = [{{file = "asker-1.0-py3-none-any.whl", hash = "{_HASH}"}}]

[package.dependencies]
lib = {{version = "*", markers = "python_version < \\"3.13\\""}}
"""
        self._write(here, 'groups = ["main"]', more=asker, project=', "asker"')
        assert check().status == 1
        self._write(here, 'groups = ["main"]\nmarkers = "sys_platform == \\"win32\\""', more=asker, project=', "asker"')
        answer = check()
        assert (answer.status, answer.distributions) == (0, {"asker", "six"})


class TestPipenv:
    """Each category is installed from its own entries."""

    @pytest.mark.parametrize(
        "source",
        [
            {"git": "https://h.test/lib.git", "ref": "abc"},
            {"file": "https://h.test/lib.zip"},
            {"path": "./vendored/lib"},
        ],
    )
    @pytest.mark.parametrize("arguments", [(), ("--group", "docs"), ("--all-groups",)])
    def test_an_entry_of_another_category_does_not_stand_in(
        self, source: dict[str, str], arguments: tuple[str, ...], here: Path
    ) -> None:
        lock = {
            "_meta": {"pipfile-spec": 6},
            "default": {"lib": source},
            "docs": {"lib": {"version": "==1.0", "hashes": [_HASH]}},
        }
        write({"Pipfile.lock": json.dumps(lock)}, here)
        answer = check(*arguments)
        assert answer.status == 3
        assert any("lib" in text and ("h.test/lib" in text or "vendored/lib" in text) for _, text in answer.gaps)


_WORKSPACE = '[tool.uv.workspace]\nmembers = ["a", "b", "c"]\n'
_REGISTRY = 'source = { registry = "https://r.test/" }'
_MEMBERS = f"""\
version = 1
revision = 5
requires-python = ">=3.11"
conflicts = [[
    {{ package = "a" }},
    {{ package = "b" }},
], [
    {{ package = "b" }},
    {{ package = "c" }},
]]

[manifest]
members = ["a", "b", "c"]

[[package]]
name = "a"
version = "1"
source = {{ editable = "a" }}
dependencies = [
    {{ name = "gil", marker = "extra == 'project-1-a'" }},
    {{ name = "lib", version = "1.0", {_REGISTRY}, marker = "extra == 'project-1-a'" }},
]

[[package]]
name = "b"
version = "1"
source = {{ virtual = "b" }}
dependencies = [
    {{ name = "lib", version = "1.0", {_REGISTRY}, marker = "extra == 'project-1-a'" }},
    {{ name = "lib", version = "2.0", {_REGISTRY}, marker = "extra == 'project-1-b' or extra != 'project-1-a'" }},
]

[[package]]
name = "c"
version = "1"
source = {{ virtual = "c" }}
dependencies = [{{ name = "a" }}]
"""
"""``a`` conflicts with ``b``, and ``c``, which requires ``a``, does as well."""

for _name, _version, _tag in (("gil", "1.0", _GIL), ("lib", "1.0", _PURE), ("lib", "2.0", _PURE)):
    _MEMBERS += f"""
[[package]]
name = "{_name}"
version = "{_version}"
{_REGISTRY}
wheels = [{{ url = "https://f.test/{_name}-{_version}-{_tag}.whl", hash = "{_HASH}" }}]
"""


class TestUv:
    _ENTRY = """
[[package]]
name = "lib"
version = "{version}"
source = {{ registry = "https://r.test/" }}
wheels = [{{ url = "https://f.test/lib-{version}-{tag}.whl", hash = "{hash}" }}]
"""
    _LOCK = (
        """\
version = 1
revision = 5
requires-python = ">=3.11"
conflicts = [[
    { package = "demo", extra = "cpu" },
    { package = "demo", extra = "gpu" },
], [
    { package = "demo", group = "a" },
    { package = "demo", extra = "gpu" },
]]

[[package]]
name = "demo"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "six" }]

[package.optional-dependencies]
cpu = [{ name = "lib", version = "1.0", source = { registry = "https://r.test/" } }]
gpu = [{ name = "lib", version = "2.0", source = { registry = "https://r.test/" } }]

[package.dev-dependencies]
a = [{ name = "lib", version = "1.0", source = { registry = "https://r.test/" } }]

[package.metadata]
requires-dist = [
    { name = "six" },
    { name = "lib", marker = "extra == 'cpu'", specifier = "<2" },
    { name = "lib", marker = "extra == 'gpu'", specifier = ">=2" },
]
provides-extras = ["cpu", "gpu"]

[package.metadata.requires-dev]
a = [{ name = "lib", specifier = "<2" }]

[[package]]
name = "six"
version = "1.0"
source = { registry = "https://r.test/" }
dependencies = [
    { name = "only-cpu", marker = "extra == 'extra-4-demo-cpu'" },
    { name = "never", marker = "extra == 'extra-4-demo-cpu' and extra == 'extra-4-demo-gpu'" },
]
wheels = [{ url = "https://f.test/six-1.0-py3-none-any.whl", hash = "sha256:00" }]

[[package]]
name = "only-cpu"
version = "1.0"
source = { registry = "https://r.test/" }
wheels = [{ url = "https://f.test/only_cpu-1.0-py3-none-any.whl", hash = "sha256:00" }]

[[package]]
name = "never"
version = "1.0"
source = { registry = "https://r.test/" }
wheels = [{ url = "https://f.test/never-1.0-cp314-cp314-manylinux_2_28_x86_64.whl", hash = "sha256:00" }]
"""
        + _ENTRY.format(version="1.0", tag=_GIL, hash=_HASH)
        + _ENTRY.format(version="2.0", tag="cp314-cp314t-manylinux_2_28_x86_64", hash=_HASH)
    )

    @pytest.mark.parametrize(
        ("arguments", "status", "got"),
        [
            ((), 0, {"six": ["1.0"]}),
            (("--extra", "gpu"), 0, {"six": ["1.0"], "lib": ["2.0"]}),
            (("--extra", "cpu"), 1, {"six": ["1.0"], "lib": ["1.0"], "only-cpu": ["1.0"]}),
            (("--all-extras",), 1, {"six": ["1.0"], "lib": ["1.0", "2.0"], "only-cpu": ["1.0"]}),
            (("--all-extras", "--all-groups"), 1, {"six": ["1.0"], "lib": ["1.0", "2.0"], "only-cpu": ["1.0"]}),
            (("--extra", "cpu", "--group", "a"), 1, {"six": ["1.0"], "lib": ["1.0"], "only-cpu": ["1.0"]}),
        ],
    )
    def test_what_conflicts_is_never_judged_together(
        self, arguments: tuple[str, ...], status: int, got: dict[str, list[str]], here: Path
    ) -> None:
        write({"uv.lock": self._LOCK}, here)
        answer = check(*arguments)
        assert (answer.status, _got(answer)) == (status, got)

    @pytest.mark.parametrize("arguments", [("--extra", "cpu,gpu"), ("--extra", "gpu", "--group", "a")])
    def test_what_conflicts_cannot_be_asked_for_together(self, arguments: tuple[str, ...], here: Path) -> None:
        write({"uv.lock": self._LOCK}, here)
        outcome = ask(*arguments)
        assert outcome.status == 2
        assert "conflict" in outcome.stderr

    def test_members_that_conflict_are_judged_apart(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write({"uv.lock": _MEMBERS, "pyproject.toml": _WORKSPACE}, here)
        for member in "abc":
            write({f"{member}/pyproject.toml": f'[project]\nname = "{member}"\nversion = "1"\n'}, here)
        answer = check()
        assert (answer.status, _got(answer), answer.gaps) == (1, {"lib": ["1.0", "2.0"], "gil": ["1.0"]}, [])
        left_out = [
            root["requirement"] for root in answer.report["roots"] if "not-applicable" in root["targets"].values()
        ]
        assert left_out == ["lib"]
        got = {}
        for member in "abc":
            monkeypatch.chdir(here / member)
            answer = check()
            assert answer.gaps == []
            got[member] = (answer.status, _got(answer))
        both = {"lib": ["1.0"], "gil": ["1.0"]}
        assert got == {"a": (1, both), "b": (0, {"lib": ["2.0"]}), "c": (1, both)}

    def test_a_fork_is_no_specifier_of_the_project(self, here: Path) -> None:
        write({"uv.lock": self._LOCK}, here)
        answer = check("--extra", "cpu")
        assert [root["requirement"] for root in answer.report["roots"]] == ["six", "lib<2"]


class TestPylock:
    """Every comparison with extras and groups that installers evaluate (PEP 751)."""

    def _lock(self, marker: str) -> str:
        return f"""\
lock-version = "1.0"
created-by = "tests"
extras = ["a", "b"]
dependency-groups = ["g", "d"]
default-groups = ["d"]

[[packages]]
name = "six"
version = "1.0"
wheels = [{{ url = "https://f.test/six-1.0-py3-none-any.whl", hashes = {{ sha256 = "00" }} }}]

[[packages]]
name = "lib"
version = "1.0"
marker = {json.dumps(marker)}
wheels = [{{ url = "https://f.test/lib-1.0-{_GIL}.whl", hashes = {{ sha256 = "00" }} }}]
"""

    @pytest.mark.parametrize(
        "marker",
        [
            "'a' in extras",
            "'a' not in extras",
            "'a' in extras and 'b' in extras",
            "'a' in extras and 'b' not in extras",
            "'a' not in extras or 'g' in dependency_groups",
            "'a' in extras and 'g' in dependency_groups and 'd' in dependency_groups",
            "'d' not in dependency_groups",
            "('a' not in extras and 'b' not in extras) or 'g' in dependency_groups",
            "'a' != extras",
            "'a' == extras",
            "'A' in extras and python_version >= '3.14'",
            " and ".join(f"('a' in extras or 'b' in extras or 'c{n}' in extras)" for n in range(8)),
        ],
    )
    @pytest.mark.parametrize("extras", [(), ("a",), ("b",), ("a", "b")])
    @pytest.mark.parametrize("groups", [(), ("g",)])
    def test_every_operator(self, marker: str, extras: tuple[str, ...], groups: tuple[str, ...], here: Path) -> None:
        from packaging.pylock import Pylock

        write({"pylock.toml": self._lock(marker)}, here)
        arguments = [part for name in extras for part in ("--extra", name)]
        arguments += [part for name in groups for part in ("--group", name)]
        import tomllib

        lock = Pylock.from_dict(tomllib.loads(self._lock(marker)))
        environment = {"extras": frozenset(extras), "dependency_groups": frozenset({*groups, "d"})}
        expected = lock.packages[1].marker.evaluate(  # type: ignore[union-attr]
            {**environment, "python_version": "3.14"}, context="lock_file"
        )
        answer = check(*arguments)
        assert (answer.status, "lib" in answer.distributions) == ((1, True) if expected else (0, False))

    @pytest.mark.parametrize("marker", ["extras == 'a'", "'a' ~= extras", "'a' === extras", "extras in 'a'"])
    def test_what_installers_refuse_is_a_gap(self, marker: str, here: Path) -> None:
        write({"pylock.toml": self._lock(marker)}, here)
        assert check().status != 0

    @pytest.mark.parametrize(
        ("arguments", "installed"),
        [
            (("pylock.toml",), False),
            (("pylock.toml[a]",), True),
            (("./pylock.toml[b, A]",), True),
            (("-r", "pylock.toml[a]"), True),
            (("-r", "pylock.toml"), False),
            (("pylock.toml[b]",), False),
            (("pylock.toml[b]", "--extra", "a"), True),
        ],
    )
    def test_extras_behind_the_name(self, arguments: tuple[str, ...], installed: bool, here: Path) -> None:
        """As `pip install -r pylock.toml[a]` of pip 26.3."""
        write({"pylock.toml": self._lock("'a' in extras")}, here)
        answer = check(*arguments)
        assert (answer.status, "lib" in answer.distributions) == ((1, True) if installed else (0, False))

    def test_extras_are_those_of_one_file(self, here: Path) -> None:
        write({name: self._lock("'a' in extras") for name in ("pylock.x.toml", "pylock.y.toml")}, here)
        assert check("pylock.x.toml", "pylock.y.toml[b]").status == 0
        assert [each["path"] for each in check("pylock.x.toml[a]", "pylock.y.toml").report["roots"]].count(
            "pylock.x.toml"
        ) == 2

    @pytest.mark.parametrize("argument", ["pylock.toml[nope]", "missing/pylock.toml[a]", "pylock.other.toml[a]"])
    def test_what_is_not_there_is_an_error_and_no_project_of_an_index(self, argument: str, here: Path) -> None:
        write({"pylock.toml": self._lock("'a' in extras")}, here)
        outcome = ask(argument)
        assert outcome.status == 2
        assert "pylock" in outcome.stderr or "nope" in outcome.stderr

    def test_in_a_requirements_file_pip_does_not_read_it(self, here: Path) -> None:
        write({"pylock.toml": self._lock("'a' in extras"), "r.txt": "-r pylock.toml\n"}, here)
        answer = ask("r.txt")
        assert answer.status == 2
        assert "r.txt:1" in answer.stderr
        assert "command line" in answer.stderr

    def test_two_locks_that_pip_does_not_install_in_one_go(self, here: Path) -> None:
        """pip 26.3: "Multiple locked links provided"; each is a project of its own, and the report says so."""
        lock = self._lock("'a' in extras")
        write(
            {
                "pylock.toml": lock,
                "pylock.other.toml": lock.replace('"1.0"\nwheels', '"2.0"\nwheels').replace("six-1", "six-2"),
            },
            here,
        )
        answer = check("pylock.toml", "pylock.other.toml")
        assert any("different versions of six: pip" in note for note in answer.report["notes"])
        write({"pylock.other.toml": lock}, here)
        assert not any("different" in note for note in check("pylock.toml", "pylock.other.toml").report["notes"])

    def test_a_directory_beside_files_with_hashes(self, here: Path) -> None:
        """pip 26.3 refuses it, ``uv pip install`` does not."""
        own = '[[packages]]\nname = "demo"\ndirectory = { path = "." }\n'
        head = 'lock-version = "1.0"\ncreated-by = "tests"\n'
        write({"pyproject.toml": '[project]\nname = "demo"\nversion = "1"\n'}, here)
        write({"pylock.toml": self._lock("'a' in extras") + own, "pylock.other.toml": head + own}, here)
        assert "pip installs no directory" in " ".join(check("pylock.toml").report["notes"])
        assert "pip installs no directory" not in " ".join(check("pylock.other.toml").report["notes"])
