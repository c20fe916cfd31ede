"""One small project, stated in every format: written by hand as the tools write it, for an index of the fixtures."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.world import File, Index, archive, parse, sha256

WORLD = parse("""
[projects.app]
"1.0" = { requires = ["speed>=1", "pure", "windowed ; sys_platform == 'win32'"], extras.socks = ["sock"] }
"0.9" = {}
[projects.speed]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314-win_amd64"] }
[projects.pure]
"1.0" = { sdist = true, wheels = ["py3-none-any"] }
"0.9" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.sock]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64", "cp314-cp314t-manylinux_2_28_x86_64"] }
[projects.windowed]
"1.0" = { wheels = ["cp314-cp314-win_amd64"] }
[projects.gil]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
[projects.tester]
"1.0" = { requires = ["pure"] }
[projects.other]
"1.0" = { wheels = ["cp314-cp314-manylinux_2_28_x86_64"] }
""")
"""Of which the project asks for all but ``other``."""

CORE = ("app[socks]>=1", "pure>=1")
EXTRA = ("gil>=1",)
"""Of the extra ``fast``."""
GROUP = ("tester>=1",)
"""Of the dependency group ``dev``."""

CORE_BLOCKERS = frozenset({"speed"})
BLOCKERS = frozenset({"speed", "gil"})
DISTRIBUTIONS = frozenset({"app", "speed", "pure", "sock", "gil", "tester"})
"""What there is on Linux, with everything asked for."""

NAMES = ("app", "gil", "pure", "sock", "speed", "tester", "windowed")
_REQUIRES: dict[str, tuple[tuple[str, str], ...]] = {
    "app": (("pure", ""), ("speed", ""), ("windowed", "sys_platform == 'win32'")),
    "tester": (("pure", ""),),
}
"""Name and marker of what each project requires without an extra."""

_PARTS = {"gil": "fast", "tester": "dev"}
"""What is there only for the extra, or the group; `pure` is in the core as well."""

PROJECT = f"""\
[project]
name = "sample"
version = "1"
requires-python = ">=3.11"
dependencies = [
    "{CORE[0]}",
    "{CORE[1]}",
]

[project.optional-dependencies]
fast = ["{EXTRA[0]}"]

[dependency-groups]
dev = ["{GROUP[0]}"]
"""

Files = dict[str, str]
"""Names of files in the project's directory, and their texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """How a format states the project."""

    files: Callable[[Index], Files]
    named: tuple[str, ...] = ()
    """What is named on the command line; nothing: the directory has to be looked through."""
    chosen: str
    """The file that counts."""
    extra: bool = False
    """Whether it tells the extra from the core."""
    group: bool = False
    """Whether it tells the group from the core."""
    places: dict[str, str]
    """The text of the line at which the finding on a blocker stands; a part of it."""
    has_files: bool = False
    """Whether it names files, so that nothing has to be asked."""

    @property
    def everything(self) -> tuple[str, ...]:
        """What asks for all of it."""
        return (*(("--all-extras",) if self.extra else ()), *(("--all-groups",) if self.group else ()))


def write(files: Files, directory: Path) -> None:
    """Into a directory, which is made if there is none."""
    for name, text in files.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _files(index: Index, name: str) -> list[File]:
    """The files of the version that is locked: 1.0."""
    project = index.universe.project(name)
    assert project is not None
    return [file for file in project.files if file.version == "1.0"]


def _markers(name: str) -> str:
    return "sys_platform == 'win32'" if name == "windowed" else ""


def uv_lock(index: Index) -> str:
    """As uv 0.13 writes it."""
    source = f'{{ registry = "{index.url}" }}'

    def table(key: str, file: File) -> str:
        where = f'url = "{index.url_of(file.filename)}", hash = "sha256:{sha256(file)}"'
        return f'{key}{{ {where}, size = {len(archive(file))}, upload-time = "{file.upload_time}" }}'

    def package(name: str) -> str:
        files = _files(index, name)
        lines = ["[[package]]", f'name = "{name}"', 'version = "1.0"', f"source = {source}"]
        lines += _uv_array("dependencies", [_uv_dependency(*one) for one in _REQUIRES.get(name, ())])
        lines += [table("sdist = ", file) for file in files if not file.is_wheel]
        lines += _uv_array("wheels", [table("", file) for file in files if file.is_wheel])
        if name == "app":
            lines += ["", "[package.optional-dependencies]", *_uv_array("socks", [_uv_dependency("sock")])]
        return "\n".join(lines)

    sample = [
        "[[package]]", 'name = "sample"', 'version = "1"', 'source = { virtual = "." }',
        *_uv_array("dependencies", ['{ name = "app", extra = ["socks"] }', _uv_dependency("pure")]),
        "", "[package.optional-dependencies]", *_uv_array("fast", [_uv_dependency("gil")]),
        "", "[package.dev-dependencies]", *_uv_array("dev", [_uv_dependency("tester")]),
        "", "[package.metadata]",
        *_uv_array("requires-dist", [
            '{ name = "app", extras = ["socks"], specifier = ">=1" }',
            """{ name = "gil", marker = "extra == 'fast'", specifier = ">=1" }""",
            '{ name = "pure", specifier = ">=1" }',
        ]),
        'provides-extras = ["fast"]',
        "", "[package.metadata.requires-dev]", 'dev = [{ name = "tester", specifier = ">=1" }]',
    ]  # fmt: skip
    packages = {name: package(name) for name in NAMES} | {"sample": "\n".join(sample)}
    head = 'version = 1\nrevision = 3\nrequires-python = ">=3.11"\n'
    return "\n\n".join([head.rstrip(), *(packages[name] for name in sorted(packages))]) + "\n"


def _uv_array(key: str, items: Iterable[str]) -> list[str]:
    found = [f"    {item}," for item in items]
    return [f"{key} = [", *found, "]"] if found else []


def _uv_dependency(name: str, marker: str = "") -> str:
    return f'{{ name = "{name}", marker = "{marker}" }}' if marker else f'{{ name = "{name}" }}'


def poetry_lock(index: Index) -> str:
    """As Poetry 2.1 and later write it."""

    def package(name: str) -> str:
        lines = [
            "[[package]]", f'name = "{name}"', 'version = "1.0"', 'description = ""',
            f"optional = {str(name == 'gil').lower()}", 'python-versions = "*"',
            f"groups = {json.dumps(_poetry_groups(name))}",
        ]  # fmt: skip
        if markers := {"gil": "extra == 'fast'"}.get(name, _markers(name)):
            lines.append(f'markers = "{markers}"')
        lines += ["files = [", *(f"    {_named(file)}," for file in _files(index, name)), "]"]
        if requires := _REQUIRES.get(name):
            lines += ["", "[package.dependencies]"]
            lines += [f'{one} = {{version = "*", markers = "{m}"}}' if m else f'{one} = "*"' for one, m in requires]
            lines += ['sock = {version = "*", optional = true, markers = "extra == \'socks\'"}'] * (name == "app")
        if name == "app":
            lines += ["", "[package.extras]", 'socks = ["sock"]']
        source = ["", "[package.source]", 'type = "legacy"', f'url = "{index.url}"', 'reference = "simple"']
        return "\n".join([*lines, *source])

    tail = '[extras]\nfast = ["gil"]\n\n[metadata]\nlock-version = "2.1"\npython-versions = ">=3.11"\ncontent-hash = ""'
    head = "# This file is automatically @generated by Poetry 2.5.1 and should not be changed by hand."
    return "\n\n".join([head, *map(package, NAMES), tail]) + "\n"


def _poetry_groups(name: str) -> list[str]:
    return {"tester": ["dev"], "pure": ["main", "dev"]}.get(name, ["main"])


def _named(file: File) -> str:
    return f'{{file = "{file.filename}", hash = "sha256:{sha256(file)}"}}'


def pdm_lock(index: Index) -> str:
    """As PDM 2.26 writes it."""

    def package(name: str, extra: str = "") -> str:
        groups = {"gil": ["fast"], "tester": ["dev"], "pure": ["default", "dev"]}.get(name, ["default"])
        requires = [f"{one}; {m}" if m else one for one, m in _REQUIRES.get(name, ())]
        lines = ["[[package]]", f'name = "{name}"', 'version = "1.0"']
        lines += [f'extras = ["{extra}"]'] * bool(extra)
        lines += ['requires_python = ">=3.8"', 'summary = ""', f"groups = {json.dumps(groups)}"]
        if marker := _markers(name):
            lines.append(f'marker = "{marker}"')
        if extra:
            requires = [f"{name}==1.0", "sock"]
        lines += _uv_array("dependencies", [json.dumps(one) for one in requires])
        lines += ["files = [", *(f"    {_named(file)}," for file in _files(index, name)), "]"]
        return "\n".join(lines)

    head = (
        "# This file is @generated by PDM.\n# It is not intended for manual editing.\n\n"
        '[metadata]\ngroups = ["default", "dev", "fast"]\nstrategy = ["inherit_metadata"]\nlock_version = "4.5.0"\n'
        'content_hash = "sha256:00"\n\n[[metadata.targets]]\nrequires_python = ">=3.11"'
    )
    packages = [package(name) for name in NAMES]
    return "\n\n".join([head, *packages, package("app", "socks")]) + "\n"


def pylock(index: Index) -> str:
    """As PDM writes it: with conditions on extras and groups, without dependencies."""

    def wheel(file: File) -> str:
        hashes = f'{{sha256 = "{sha256(file)}"}}'
        return f'{{name = "{file.filename}", url = "{index.url_of(file.filename)}", hashes = {hashes}}}'

    def package(name: str) -> str:
        lines = ["[[packages]]", f'name = "{name}"', 'version = "1.0"']
        default = "'default' in dependency_groups"
        conditions = {
            "gil": "'fast' in extras",
            "tester": "'dev' in dependency_groups",
            "pure": f"{default} or 'dev' in dependency_groups",
            "windowed": f"sys_platform == 'win32' and {default}",
        }
        files = _files(index, name)
        lines += [f"sdist = {wheel(file)}" for file in files if not file.is_wheel]
        lines += ["wheels = [", *(f"    {wheel(file)}," for file in files if file.is_wheel), "]"]
        return "\n".join([*lines, f'marker = "{conditions.get(name, default)}"'])

    head = (
        'lock-version = "1.0"\nrequires-python = ">=3.11"\nextras = ["fast"]\n'
        'dependency-groups = ["default", "dev"]\ndefault-groups = ["default"]\ncreated-by = "pdm"'
    )
    return "\n\n".join([head, *map(package, NAMES)]) + "\n"


def pipfile_lock(index: Index) -> str:
    """As Pipenv writes it; ``fast`` is a category."""

    def entries(*names: str) -> dict[str, object]:
        found: dict[str, object] = {}
        for name in sorted(names):
            hashes = sorted(f"sha256:{sha256(file)}" for file in _files(index, name))
            found[name] = {"hashes": hashes, "index": "pypi", "version": "==1.0"}
            if marker := _markers(name):
                found[name] |= {"markers": marker}  # type: ignore[operator]
        found.get("app", {}).update({"extras": ["socks"]})  # type: ignore[attr-defined]
        return found

    source = {"name": "pypi", "url": index.url, "verify_ssl": True}
    meta = {"hash": {"sha256": "00"}, "pipfile-spec": 6, "requires": {}, "sources": [source]}
    data = {
        "_meta": meta,
        "default": entries("app", "pure", "sock", "speed", "windowed"),
        "develop": entries("tester", "pure"),
        "fast": entries("gil"),
    }
    return json.dumps(data, indent=4) + "\n"


def hashed_requirements(index: Index) -> str:
    """As ``pip-compile --generate-hashes`` and ``uv export`` write it."""
    lines = []
    for name in NAMES:
        marker = f" ; {_markers(name)}" if _markers(name) else ""
        hashes = [f"--hash=sha256:{sha256(file)}" for file in _files(index, name)]
        lines.append(" \\\n    ".join([f"{name}==1.0{marker}", *hashes]) + "\n    # via -r wanted.in\n")
    return "".join(lines)


def environment(index: Index) -> Files:
    """What is installed on Linux: ``*.dist-info`` in a virtual environment."""
    site = ".venv/lib/python3.14/site-packages"
    files = {".venv/pyvenv.cfg": "home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.14.0\n"}
    for name in sorted(DISTRIBUTIONS):
        wheel = next(file for file in _files(index, name) if file.is_wheel)
        assert wheel.is_wheel
        requires = [f"{one} ; {m}" if m else one for one, m in _REQUIRES.get(name, ())]
        requires += ['sock ; extra == "socks"'] if name == "app" else []
        tag = wheel.filename.removesuffix(".whl").split("-", 2)[2]
        metadata = [
            "Metadata-Version: 2.4",
            f"Name: {name}",
            "Version: 1.0",
            *(f"Requires-Dist: {r}" for r in requires),
        ]
        info = f"{site}/{name}-1.0.dist-info"
        files[f"{info}/METADATA"] = (
            "\n".join([*metadata, "Provides-Extra: socks"][: None if name == "app" else -1]) + "\n"
        )
        files[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n"
        files[f"{info}/RECORD"] = ""
        files[f"{info}/INSTALLER"] = "pip\n"
    return files


_EVERYTHING = (*CORE, *EXTRA, *GROUP)

_POETRY_TABLES = """\
[tool.poetry]
name = "sample"
version = "1"

[tool.poetry.dependencies]
python = ">=3.11"
app = { version = "^1", extras = ["socks"] }
pure = ">=1"
gil = { version = ">=1", optional = true }

[tool.poetry.extras]
fast = ["gil"]

[tool.poetry.group.dev.dependencies]
tester = "^1.0"
"""

_PDM_TABLES = f"""\
[project]
name = "sample"
version = "1"
dependencies = ["{CORE[0]}", "{CORE[1]}"]

[project.optional-dependencies]
fast = ["{EXTRA[0]}"]

[tool.pdm.dev-dependencies]
dev = ["{GROUP[0]}"]
"""

_DYNAMIC = """\
[build-system]
requires = ["setuptools"]

[project]
name = "sample"
version = "1"
dynamic = ["dependencies", "optional-dependencies"]

[tool.setuptools.dynamic]
dependencies = { file = ["needs/core.txt"] }

[tool.setuptools.dynamic.optional-dependencies]
fast = { file = ["needs/fast.txt"] }

[dependency-groups]
dev = ["tester>=1"]
"""

_SETUP_CFG = f"""\
[metadata]
name = sample

[options]
python_requires = >=3.11
install_requires =
    {CORE[0]}
    {CORE[1]}

[options.extras_require]
fast =
    {EXTRA[0]}
dev =
    {GROUP[0]}
"""

_SCRIPT = "\n".join(
    ["# /// script", "# dependencies = [", *(f'#   "{one}",' for one in _EVERYTHING), "# ]", "# ///", "print()", ""]
)

_ENVIRONMENT_YML = "\n".join(
    [
        "name: sample",
        "dependencies:",
        "  - python",
        "  - pip:",
        *(f"    - {r}" for r in _EVERYTHING),
        "",
    ]
)


def _requirements(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


_BY_ROOT = {"speed": "app[socks]>=1", "gil": "gil>=1"}
_BY_ENTRY = {"speed": "[[packages]]", "gil": "[[packages]]"}

STATEMENTS: dict[str, Statement] = {
    "requirements.txt": Statement(
        files=lambda _: {"requirements.txt": _requirements(_EVERYTHING)}, chosen="requirements.txt", places=_BY_ROOT
    ),
    "several requirements": Statement(
        files=lambda _: {
            "requirements.txt": _requirements(CORE),
            "requirements-dev.txt": "-r requirements.txt\n" + _requirements((*EXTRA, *GROUP)),
        },
        chosen="requirements.txt",
        places=_BY_ROOT,
    ),
    "hashed requirements": Statement(
        files=lambda index: {"requirements.txt": hashed_requirements(index)},
        chosen="requirements.txt",
        places={"speed": "speed==1.0", "gil": "gil==1.0"},
    ),
    "pyproject.toml": Statement(
        files=lambda _: {"pyproject.toml": PROJECT}, chosen="pyproject.toml", extra=True, group=True, places=_BY_ROOT
    ),
    "dynamic": Statement(
        files=lambda _: {
            "pyproject.toml": _DYNAMIC,
            "needs/core.txt": _requirements(CORE),
            "needs/fast.txt": _requirements(EXTRA),
        },
        chosen="pyproject.toml",
        extra=True,
        group=True,
        places=_BY_ROOT,
    ),
    "poetry tables": Statement(
        files=lambda _: {"pyproject.toml": _POETRY_TABLES},
        chosen="pyproject.toml",
        extra=True,
        group=True,
        places={"speed": "app = {", "gil": "gil = {"},
    ),
    "pdm tables": Statement(
        files=lambda _: {"pyproject.toml": _PDM_TABLES},
        chosen="pyproject.toml",
        extra=True,
        group=True,
        places=_BY_ROOT,
    ),
    "setup.cfg": Statement(files=lambda _: {"setup.cfg": _SETUP_CFG}, chosen="setup.cfg", extra=True, places=_BY_ROOT),
    "script": Statement(files=lambda _: {"job.py": _SCRIPT}, chosen="job.py", named=("job.py",), places=_BY_ROOT),
    "environment.yml": Statement(
        files=lambda _: {"environment.yml": _ENVIRONMENT_YML}, chosen="environment.yml", places=_BY_ROOT
    ),
    "uv.lock": Statement(
        files=lambda index: {"uv.lock": uv_lock(index), "pyproject.toml": PROJECT},
        chosen="uv.lock",
        extra=True,
        group=True,
        places=_BY_ROOT,
        has_files=True,
    ),
    "poetry.lock": Statement(
        files=lambda index: {"poetry.lock": poetry_lock(index), "pyproject.toml": PROJECT},
        chosen="poetry.lock",
        extra=True,
        group=True,
        places=_BY_ROOT,
        has_files=True,
    ),
    "pdm.lock": Statement(
        files=lambda index: {"pdm.lock": pdm_lock(index), "pyproject.toml": PROJECT},
        chosen="pdm.lock",
        extra=True,
        group=True,
        places=_BY_ROOT,
        has_files=True,
    ),
    "pylock.toml": Statement(
        files=lambda index: {"pylock.toml": pylock(index)},
        chosen="pylock.toml",
        extra=True,
        group=True,
        places=_BY_ENTRY,
        has_files=True,
    ),
    "Pipfile.lock": Statement(
        files=lambda index: {"Pipfile.lock": pipfile_lock(index)},
        chosen="Pipfile.lock",
        group=True,
        places={"speed": '"speed": {', "gil": '"gil": {'},
    ),
    "installed": Statement(
        files=environment, chosen=".venv", named=("--env", ".venv"), places={"speed": "", "gil": ""}
    ),
}
"""Every way to state the project."""

FORMATS = {
    name: one.chosen for name, one in STATEMENTS.items() if name in {one.chosen, "script", "hashed requirements"}
}
"""One statement for each format of which the project is a single file, and that file."""
