"""The rules that block: ``NGC0xx``."""

from __future__ import annotations

from functools import partial

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

_blocker = partial(Rule, severity=Severity.BLOCKER)

BLOCKERS = (
    _blocker(
        "NGC001", "gil-enabled", word="GIL enabled", sign="E",
        meaning="An extension module in the wheel turns the GIL back on when it is imported.",
        detail="The wheel installs, and importing the module makes the interpreter enable the GIL for the whole "
        "process, with a warning: the module does not declare `Py_MOD_GIL_NOT_USED` (PEP 703), so that nothing runs "
        "in parallel any more.",
        example="`fastmaths 2.1` has a `cp314-cp314t` wheel whose `fastmaths/_core` lacks the declaration.",
        remedy="Look for a newer release, or ask the project to declare that its modules run without the GIL. Where "
        "you know that they do, `PYTHON_GIL=0` keeps the GIL off at your own risk.",
    ),
    _blocker(
        "NGC002", "unavailable", sign="U",
        meaning="Nothing fits the target, and no file fits the GIL-enabled build either.",
        detail="The newest version that your requirements permit has no file for this Python and platform, neither "
        "for the free-threaded build nor for the regular one. It is judged anyway, rather than replaced by an old "
        "release that happens to have a file.",
        example="`onnxruntime` before its first release for Python 3.15: wheels up to `cp314`, and no sdist.",
        remedy="Wait for a release for this Python, or ask for one. The regular build of this Python is blocked just "
        "the same, so an older Python may be the nearer target.",
    ),
    _blocker(
        "NGC003", "source-only", sign="S",
        meaning="Only an sdist is left, and it compiles native code.",
        detail="No wheel fits, and an installer would build the sdist, which holds code in C, C++, Rust, Cython or "
        "the like. It may work where a compiler and every library is at hand; nogilcheck never runs a build, so it is "
        "not counted on.",
        example="`PyYAML 6.0.3` has wheels for 3.8 to 3.14t, and on 3.15 only an sdist.",
        remedy="Try the build on the free-threaded interpreter (`pip wheel --no-deps NAME`) and keep the wheel on an "
        "index of your own (`--find-links`), or ask the project for wheels.",
    ),
    _blocker(
        "NGC004", "other-platform", sign="O",
        meaning="Free-threaded wheels for this Python exist, on other platforms only.",
        detail="The project supports free-threaded builds of this Python, and its wheels are for other platforms: "
        "another operating system, another architecture, or a newer C library than the target has.",
        example="Wheels for `cp314t` on macOS and on Linux x86_64, and none for Linux aarch64.",
        remedy="Ask for a wheel for your platform: the port itself is done. If the wheels only need a newer C "
        "library, name the one you have (`--platform manylinux_2_39_x86_64`).",
    ),
    _blocker(
        "NGC005", "other-python", word="other Python", sign="P",
        meaning="Free-threaded wheels exist, for other Python versions only.",
        detail="The version has free-threaded wheels, and none of them for the Python of the target. A wheel for "
        "`cp314t` does not install on 3.15t: without the stable ABI each Python needs a build of its own.",
        example="`psutil 7.2.2` has wheels for 3.13t and 3.14t, and none for 3.15t.",
        remedy="Wait for the wheels, which usually follow the release of the Python, or move to a Python that has "
        "them.",
    ),
    _blocker(
        "NGC006", "gil-only", word="GIL-only", sign="G",
        meaning="Compiled wheels exist, and none of them is free-threaded.",
        detail="This version has compiled wheels for the regular build only. A free-threaded interpreter has another "
        "ABI and installs none of them; where there is an sdist, installers try to build it.",
        example="`grpcio 1.85.1` has `cp314-cp314` wheels, and no release of it has a `cp314t` one.",
        remedy="See whether another version fits (the report names one where it does), whether what pulls it in can "
        "do without it (an extra, an optional accelerator), and whether the project has an issue about free-threading "
        "to follow.",
    ),
    _blocker(
        "NGC007", "own-requires-python", word="excluded", sign="X",
        meaning="The project, or its lock, says itself that it is not for this target.",
        detail="The project's own `requires-python` excludes the Python of the target, or its lock was made for other "
        "environments. Nothing else matters before that is changed.",
        example='`requires-python = ">=3.11,<3.14"` in `pyproject.toml`, checked for 3.14t.',
        remedy="Widen `requires-python`, or the environments of the lock, and lock again.",
    ),
)  # fmt: skip
