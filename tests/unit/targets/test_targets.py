"""Names -> targets: tags, marker environments, errors."""

from __future__ import annotations

import os
import platform
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

import packaging.markers
import packaging.tags
import pytest

from nogilcheck.errors import UsageError
from nogilcheck.model.target import Target
from nogilcheck.resolve.markers import VARIABLES
from nogilcheck.targets.builds import NEWEST_PATCH, make_target, parse_targets
from nogilcheck.targets.host import host_platform, host_python
from nogilcheck.targets.platforms import PLATFORMS
from tests.support import pip_tags
from tests.support.pip_oracle import ask_pip, require_pip

PYTHONS = ("3.9", "3.13", "3.13t", "3.14", "3.14t", "3.15", "3.15t")
MATRIX_PLATFORM = "manylinux_2_28_x86_64"

# The table of what pip and uv accept, measured on probe wheels: 3.14, 3.14t, 3.15, 3.15t.
MATRIX = [
    *[(f"cp3{minor}-abi3-{MATRIX_PLATFORM}", (True, False, True, False)) for minor in (2, 9, 13, 14)],
    (f"cp315-abi3-{MATRIX_PLATFORM}", (False, False, True, False)),
    *[(f"cp3{minor}-abi3t-{MATRIX_PLATFORM}", (False, True, False, True)) for minor in (14, 9, 13)],
    (f"cp315-abi3t-{MATRIX_PLATFORM}", (False, False, False, True)),
    (f"cp315-abi3.abi3t-{MATRIX_PLATFORM}", (False, False, True, True)),
    (f"cp314-cp314t-{MATRIX_PLATFORM}", (False, True, False, False)),
    (f"cp314-cp314.cp314t-{MATRIX_PLATFORM}", (True, True, False, False)),
    (f"cp314-cp314-{MATRIX_PLATFORM}", (True, False, False, False)),
    (f"cp315-cp315t-{MATRIX_PLATFORM}", (False, False, False, True)),
    (f"py3-none-{MATRIX_PLATFORM}", (True, True, True, True)),
    (f"py313-none-{MATRIX_PLATFORM}", (True, True, True, True)),
    ("cp314-none-any", (True, True, False, False)),
    ("cp315-none-any", (False, False, True, True)),
    ("py3-none-any", (True, True, True, True)),
    ("py2.py3-none-any", (True, True, True, True)),
    ("cp313-none-any", (False, False, False, False)),
    (f"py3-abi3-{MATRIX_PLATFORM}", (False, False, False, False)),
    (f"py314-cp314t-{MATRIX_PLATFORM}", (False, False, False, False)),
    (f"cp314t-cp314t-{MATRIX_PLATFORM}", (False, False, False, False)),
    (f"cp314t-none-{MATRIX_PLATFORM}", (False, False, False, False)),
    (f"cp315t-abi3t-{MATRIX_PLATFORM}", (False, False, False, False)),
    ("cp38-abi3-any", (False, False, False, False)),
    ("py2-none-any", (False, False, False, False)),
    ("cp314-cp314t-win_amd64", (False, False, False, False)),
    ("cp314-cp314t-musllinux_1_2_x86_64", (False, False, False, False)),
    ("cp314-cp314t-manylinux_2_35_x86_64", (False, False, False, False)),
    ("cp314-cp314t-manylinux_2_34_x86_64", (False, True, False, False)),
    ("cp314-cp314t-manylinux1_x86_64", (False, True, False, False)),
    ("cp314-cp314t-linux_x86_64", (False, True, False, False)),
    ("cp314-cp314t-manylinux_2_28_aarch64", (False, False, False, False)),
]


@pytest.mark.parametrize(("tags", "accepted"), MATRIX)
def test_the_measured_matrix_of_tags(tags: str, accepted: tuple[bool, ...]) -> None:
    builds = [make_target(python, "linux-x86_64") for python in ("3.14", "3.14t", "3.15", "3.15t")]
    assert tuple(build.best_tag(tags) is not None for build in builds) == accepted


def _platform_tags(target: Target) -> list[str]:
    return list(dict.fromkeys(tag.split("-")[2] for tag in target.tags if not tag.endswith("-any")))


HOSTS: dict[str, dict[str, object]] = {
    "linux-x86_64": {"glibc": [2, 34], "machine": "x86_64"},
    "linux-aarch64": {"glibc": [2, 34], "machine": "aarch64"},
    "musllinux-x86_64": {"musl": [1, 2], "machine": "x86_64"},
    "musllinux-aarch64": {"musl": [1, 2], "machine": "aarch64"},
    "macos-arm64": {"platforms": ["macosx_14_0_arm64"]},
    "macos-x86_64": {"platforms": ["macosx_14_0_x86_64"]},
    "windows-amd64": {"platforms": ["win_amd64"]},
    "windows-arm64": {"platforms": ["win_arm64"]},
}
"""What pip is told of each platform."""


def test_every_list_of_tags_is_the_one_that_pip_makes() -> None:
    require_pip()
    targets = parse_targets(PYTHONS, ["all"])
    questions = [
        {
            "version": f"{target.python[0]}{target.python[1]}",
            "abi": f"cp{target.python[0]}{target.python[1]}{'t' if target.free_threaded else ''}",
            **HOSTS[target.platform],
        }
        for target in targets
    ]
    answers = ask_pip(Path(pip_tags.__file__), questions)
    assert len(answers) == len(PYTHONS) * len(PLATFORMS)
    for target, theirs in zip(targets, answers, strict=True):
        assert list(target.tags) == list(dict.fromkeys(theirs)), target.id
        assert list(target.tags.values()) == list(range(len(target.tags))), target.id


@pytest.mark.parametrize(
    ("name", "newest", "oldest"),
    [
        ("linux-x86_64", "manylinux_2_34_x86_64", "manylinux1_x86_64"),
        ("linux-aarch64", "manylinux_2_34_aarch64", "manylinux2014_aarch64"),
        ("musllinux-x86_64", "musllinux_1_2_x86_64", "musllinux_1_0_x86_64"),
        ("musllinux-aarch64", "musllinux_1_2_aarch64", "musllinux_1_0_aarch64"),
        ("macos-arm64", "macosx_14_0_arm64", "macosx_11_0_universal2"),
        ("macos-x86_64", "macosx_14_0_x86_64", "macosx_10_4_universal"),
        ("windows-amd64", "win_amd64", "win_amd64"),
        ("windows-arm64", "win_arm64", "win_arm64"),
    ],
)
def test_platform_tags_reach_from_the_floor_to_the_oldest(name: str, newest: str, oldest: str) -> None:
    found = [tag for tag in _platform_tags(make_target("3.14t", name)) if not tag.startswith("linux_")]
    assert found[0] == newest
    assert oldest in found
    other = "x86_64" if newest.endswith(("aarch64", "arm64")) else "arm64"
    assert not any(tag.endswith(other) for tag in found)


def test_a_glibc_system_takes_the_aliases_of_old_manylinux_just_behind_what_they_stand_for() -> None:
    found = _platform_tags(make_target("3.14", "linux-x86_64"))
    for number, alias in ((17, "manylinux2014"), (12, "manylinux2010"), (5, "manylinux1")):
        position = found.index(f"manylinux_2_{number}_x86_64")
        assert found[position + 1] == f"{alias}_x86_64"
    assert found[0] == "linux_x86_64"
    assert "manylinux2010_aarch64" not in _platform_tags(make_target("3.14", "linux-aarch64"))


@pytest.fixture
def no_host(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Asking the running interpreter about itself fails the test."""

    def forbidden(*_: object, **__: object) -> str:
        raise AssertionError("the host was asked")

    for name in ("machine", "release", "system", "version", "python_version", "python_implementation", "mac_ver",
                 "libc_ver", "uname"):  # fmt: skip
        monkeypatch.setattr(platform, name, forbidden)
    monkeypatch.setattr(os, "confstr", forbidden, raising=False)
    monkeypatch.setattr(sysconfig, "get_platform", forbidden)
    monkeypatch.setattr(packaging.tags, "sys_tags", forbidden)
    monkeypatch.setattr(packaging.tags, "platform_tags", forbidden)
    monkeypatch.setattr(packaging.tags, "interpreter_name", forbidden)
    monkeypatch.setattr(packaging.tags, "interpreter_version", forbidden)
    monkeypatch.setattr(packaging.markers, "default_environment", forbidden)
    yield  # noqa: PT022 - monkeypatch tears down


@pytest.mark.usefixtures("no_host")
@pytest.mark.parametrize("python", ["3.10", "3.13t", "3.14t", "3.16t"])
@pytest.mark.parametrize("name", PLATFORMS)
def test_nothing_of_a_target_is_read_from_the_host(python: str, name: str) -> None:
    target = make_target(python, name)
    assert target.environment["python_version"] == python.removesuffix("t")
    assert target.tags


ENVIRONMENTS = {
    "linux-x86_64": ("posix", "linux", "Linux", "x86_64", None),
    "linux-aarch64": ("posix", "linux", "Linux", "aarch64", None),
    "musllinux-x86_64": ("posix", "linux", "Linux", "x86_64", None),
    "musllinux-aarch64": ("posix", "linux", "Linux", "aarch64", None),
    "macos-arm64": ("posix", "darwin", "Darwin", "arm64", "23.0.0"),
    "macos-x86_64": ("posix", "darwin", "Darwin", "x86_64", "23.0.0"),
    "windows-amd64": ("nt", "win32", "Windows", "AMD64", None),
    "windows-arm64": ("nt", "win32", "Windows", "ARM64", None),
}


@pytest.mark.parametrize("name", PLATFORMS)
def test_markers_belong_to_the_target(name: str) -> None:
    environment = make_target("3.14t", name).environment
    os_name, sys_platform, system, machine, release = ENVIRONMENTS[name]
    assert environment["os_name"] == os_name
    assert environment["sys_platform"] == sys_platform
    assert environment["platform_system"] == system
    assert environment["platform_machine"] == machine
    assert environment.get("platform_release") == release
    assert environment["implementation_name"] == "cpython"
    assert environment["platform_python_implementation"] == "CPython"
    assert environment["implementation_version"] == environment["python_full_version"]
    assert "platform_version" not in environment
    assert set(environment) <= set(VARIABLES)


def test_the_twin_differs_in_nothing_but_its_abi() -> None:
    target = make_target("3.14t", "linux-aarch64")
    twin = target.twin
    assert twin is not None
    assert (twin.id, twin.python_name, twin.free_threaded) == ("cp314-linux_aarch64", "3.14", False)
    assert twin.environment == target.environment
    assert _platform_tags(twin) == _platform_tags(target)
    assert (twin.twin, twin.installer, target.installer) == (None, twin, twin)


@pytest.mark.parametrize("python", ["3.14t", "314t", "cp314t", "cp3.14t"])
def test_ways_to_write_a_python(python: str) -> None:
    target = make_target(python, "linux-x86_64")
    assert (target.python, target.free_threaded, target.id) == ((3, 14), True, "cp314t-linux_x86_64")
    assert target.environment["python_full_version"] == f"3.14.{NEWEST_PATCH[3, 14]}"


@pytest.mark.parametrize(
    ("python", "full"),
    [
        ("3.14.1t", "3.14.1"),
        ("3.14.0", "3.14.0"),
        ("3.15", f"3.15.{NEWEST_PATCH[3, 15]}"),
        ("3.8", "3.8.0"),
        ("3.16t", "3.16.0"),
    ],
)
def test_the_patch_version_is_the_one_asked_for_or_the_newest_known(python: str, full: str) -> None:
    target = make_target(python, "linux-x86_64")
    assert target.environment["python_full_version"] == full
    assert target.installer.environment["python_full_version"] == full
    assert target.environment["python_version"] == full.rpartition(".")[0]


def test_the_patch_version_decides_requires_python() -> None:
    assert not make_target("3.14.1t", "linux-x86_64").admits_python(">=3.14.2")
    assert make_target("3.14.2t", "linux-x86_64").admits_python(">=3.14.2")


@pytest.mark.parametrize(
    ("requires", "admitted"),
    [
        (None, True), ("", True), (">=3.9", True), ("<3.14", False), ("!=3.14.*", False), (">=3.16", False),
        ("not a specifier", True), (">=3.14.0rc1", True), ("==3.14.*", True), ("<4", True), ("~=3.13", True),
    ],
)  # fmt: skip
def test_requires_python_as_pip_reads_it(requires: str | None, admitted: bool) -> None:
    assert make_target("3.14t", "linux-x86_64").admits_python(requires) is admitted


@pytest.mark.parametrize(
    "python", ["", "t", "3", "snake3.14t", "3.14tt", "3.14 t", "2.7", "4.0", "3.14.t", "3.14t.1", "3.140", "pp311"]
)
def test_what_is_no_python_is_told_with_a_way_out(python: str) -> None:
    with pytest.raises(UsageError, match="for --python") as error:
        make_target(python, "linux-x86_64")
    assert error.value.hint is not None
    assert "3.14t" in error.value.hint


@pytest.mark.parametrize("python", ["3.7", "36", "3.0"])
def test_a_python_that_is_too_old(python: str) -> None:
    with pytest.raises(UsageError, match=f"invalid value '{python}' for --python"):
        make_target(python, "linux-x86_64")


@pytest.mark.parametrize("python", ["3.12t", "3.8t"])
def test_a_python_that_never_had_a_free_threaded_build(python: str) -> None:
    with pytest.raises(UsageError, match=r"for --python \(did you mean '3.13t'") as error:
        make_target(python, "linux-x86_64")
    assert error.value.hint is not None
    assert "3.13t" in error.value.hint


NOT_PLATFORMS = [
    "linux", "Linux-x86_64", "manylinux_9_9_x86_64", "manylinux_2_9999999_x86_64",
        "manylinux_2_28_amiga", "macosx_14_0_ppc", "", "all-of-them",
]  # fmt: skip


@pytest.mark.parametrize("name", NOT_PLATFORMS)
def test_a_platform_that_is_not_known_is_told_with_those_that_are(name: str) -> None:
    with pytest.raises(UsageError, match="for --platform") as error:
        make_target("3.14t", name)
    assert error.value.hint is not None
    assert all(known in error.value.hint for known in PLATFORMS)


def test_every_python_on_every_platform_in_order_and_once() -> None:
    targets = parse_targets(["3.15t, 3.14t", "3.15t,cp315t"], ["windows-amd64,linux-x86_64", "windows-amd64", ""])
    assert [target.id for target in targets] == [
        "cp315t-windows_amd64",
        "cp315t-linux_x86_64",
        "cp314t-windows_amd64",
        "cp314t-linux_x86_64",
    ]


def test_all_stands_for_every_platform() -> None:
    targets = parse_targets(["3.14t"], ["macos-arm64", "all"])
    assert targets[0].platform == "macos-arm64"
    assert sorted(target.platform for target in targets) == sorted(PLATFORMS)


def test_patch_releases_are_targets_of_their_own() -> None:
    targets = parse_targets(["3.14.1t", "3.14.2t", "3.14t"], ["linux-x86_64"])
    assert [(target.id, target.python_name) for target in targets] == [
        ("cp314t.1-linux_x86_64", "3.14.1t"),
        ("cp314t.2-linux_x86_64", "3.14.2t"),
        ("cp314t-linux_x86_64", "3.14t"),
    ]
    assert targets[0].environment["python_full_version"] == "3.14.1"


@pytest.mark.parametrize(
    ("tag", "floor", "accepted", "refused"),
    [
        ("manylinux_2_28_x86_64", "glibc 2.28", "manylinux_2_28_x86_64", "manylinux_2_29_x86_64"),
        ("manylinux2014_aarch64", "glibc 2.17", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64"),
        ("manylinux_2_39_riscv64", "glibc 2.39", "manylinux_2_39_riscv64", "manylinux_2_39_x86_64"),
        ("musllinux_1_1_aarch64", "musl 1.1", "musllinux_1_0_aarch64", "musllinux_1_2_aarch64"),
        ("macosx_15_0_arm64", "macOS 15.0", "macosx_11_0_universal2", "macosx_26_0_arm64"),
        ("macosx_10_13_x86_64", "macOS 10.13", "macosx_10_9_x86_64", "macosx_11_0_x86_64"),
        ("win_amd64", "Windows", "win_amd64", "win_arm64"),
        ("win32", "Windows", "win32", "win_amd64"),
    ],
)
def test_a_platform_by_its_tag(tag: str, floor: str, accepted: str, refused: str) -> None:
    target = make_target("3.14t", tag)
    assert (target.floor, target.id) == (floor, f"cp314t-{tag}")
    assert target.best_tag(f"cp314-cp314t-{accepted}")
    assert not target.best_tag(f"cp314-cp314t-{refused}")


def test_macos_kernel_releases() -> None:
    assert make_target("3.14t", "macos-arm64").environment["platform_release"] == "23.0.0"
    assert make_target("3.14t", "macosx_26_0_arm64").environment["platform_release"] == "25.0.0"
    assert make_target("3.14t", "macosx_10_15_x86_64").environment["platform_release"] == "19.0.0"


def test_the_host_is_the_running_interpreter() -> None:
    target = make_target(host_python(), host_platform())
    tags = set(map(str, packaging.tags.sys_tags()))
    assert target.free_threaded == bool(sysconfig.get_config_var("Py_GIL_DISABLED"))
    assert set(target.tags) <= tags | {f"py3-none-{tag}" for tag in packaging.tags.platform_tags()}
    assert next(iter(target.tags)) in tags
    here: dict[str, object] = dict(packaging.markers.default_environment())
    own = dict(target.environment)
    if sys.platform == "darwin":  # the floor's kernel stands for the host's
        own.pop("platform_release")
    for name in ("python_full_version", "implementation_version"):  # a pre-release stands for its release
        here[name] = packaging.version.Version(str(here[name])).base_version
    assert {name: here[name] for name in own} == own


def test_the_running_python_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    before = make_target("3.14t", "linux-x86_64")
    monkeypatch.setattr(sys, "platform", "win32")
    after = make_target("3.14t", "linux-x86_64")
    assert (before.environment, list(before.tags)) == (after.environment, list(after.tags))


def test_a_requires_python_that_cannot_be_compared_admits() -> None:
    """As a malformed one does; Python refuses to convert so many digits."""
    assert make_target("3.14t", "linux-x86_64").admits_python(f">=3.9,!={'9' * 5000}")


@pytest.mark.parametrize("python", ["314t", "cp314t", "python3.14t", "Python 3.14t", "cpython3.14T"])
def test_what_people_type_for_a_python(python: str) -> None:
    assert make_target(python, "linux-x86_64").id == make_target("3.14t", "linux-x86_64").id


@pytest.mark.parametrize(
    ("platform", "meant"),
    [
        ("linux", ["linux-x86_64", "linux-aarch64"]),
        ("macos", ["macos-arm64", "macos-x86_64"]),
        ("Windows", ["windows-amd64", "windows-arm64"]),
        ("linux-x86-64", ["linux-x86_64"]),
        ("linux-amd64", ["linux-x86_64"]),
        ("Linux_arm64", ["linux-aarch64"]),
        ("darwin-aarch64", ["macos-arm64"]),
        ("windows-x86_64", ["windows-amd64"]),
        ("win_amd64", ["windows-amd64"]),
        ("musllinux-arm64,linux", ["musllinux-aarch64", "linux-x86_64", "linux-aarch64"]),
    ],
)
def test_what_people_type_for_a_platform(platform: str, meant: list[str]) -> None:
    assert [target.platform for target in parse_targets(["3.14t"], [platform])] == meant
