"""The rules that block: ``NGC0xx``."""

from __future__ import annotations

from functools import partial

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

_blocker = partial(Rule, severity=Severity.BLOCKER)

BLOCKERS = (
    _blocker(
        "NGC001", "gil-enabled", word="turns the GIL on", sign="E",
        meaning="An extension module in the wheel turns the GIL on when it is imported.",
        detail="The wheel installs, but importing the module makes the interpreter turn the GIL on for the whole "
        "process, with a warning: the module does not declare `Py_MOD_GIL_NOT_USED` (PEP 703). From then on threads "
        "no longer run Python code in parallel.",
        example="`fastmaths 2.1` has a `cp314-cp314t` wheel whose `fastmaths/_core` lacks the declaration.",
        remedy="Look for a newer release, or ask the project to declare that its modules run without the GIL. If you "
        "know that they do, `PYTHON_GIL=0` keeps the GIL off at your own risk.",
    ),
    _blocker(
        "NGC002", "unavailable", sign="U",
        meaning="Nothing fits the target, and no file fits the regular build either.",
        detail="The newest version that your requirements permit has no file for this Python and platform, neither "
        "for the free-threaded build nor for the regular one. It is judged anyway rather than replaced by an old "
        "release that happens to have a file.",
        example="`onnxruntime` before its first release for Python 3.15: wheels up to `cp314`, and no sdist.",
        remedy="Wait for a release for this Python, or ask for one. The regular build of this Python is blocked too, "
        "so an older Python may be the easier target.",
    ),
    _blocker(
        "NGC003", "source-only", sign="S",
        meaning="No wheel fits, and the sdist needs a compiler.",
        detail="An installer would build the sdist, which holds code in C, C++, Rust, Cython or the like. The build "
        "may succeed where a compiler and every library are installed. nogilcheck never runs a build, so it counts "
        "as a blocker.",
        example="`PyYAML 6.0.3` has wheels for 3.8 to 3.14t, and on 3.15 only an sdist.",
        remedy="Try the build on the free-threaded interpreter (`pip wheel --no-deps NAME`) and serve the wheel from "
        "an index of your own or `--find-links`, or ask the project for wheels.",
    ),
    _blocker(
        "NGC004", "other-platform", word="no wheel for this platform", sign="O",
        meaning="Free-threaded wheels for this Python exist, but only for other platforms.",
        detail="The project supports free-threaded builds of this Python, but its wheels are for other platforms: "
        "another operating system, another architecture, or a newer C library than the target has.",
        example="Wheels for `cp314t` on macOS and Linux x86_64, but none for Linux aarch64.",
        remedy="Ask the project for a wheel for your platform: the port itself is done. If the wheels only need a "
        "newer C library, name the one you have (`--platform manylinux_2_39_x86_64`).",
    ),
    _blocker(
        "NGC005", "other-python", word="no wheel for this Python", sign="P",
        meaning="Free-threaded wheels exist, but only for other Python versions.",
        detail="This version has free-threaded wheels, but none for the Python of the target. A `cp314t` wheel does "
        "not install on 3.15t: without the stable ABI, each Python needs its own wheel.",
        example="`psutil 7.2.2` has wheels for 3.13t and 3.14t, but none for 3.15t.",
        remedy="Wait for the wheels, which usually follow the release of the Python, or switch to a Python that has "
        "them.",
    ),
    _blocker(
        "NGC006", "gil-only", word="GIL-only", sign="G",
        meaning="Compiled wheels exist, but none of them is free-threaded.",
        detail="This version has compiled wheels for the regular build only. A free-threaded interpreter has another "
        "ABI and installs none of them; if there is an sdist, installers try to build it.",
        example="`grpcio 1.85.1` has `cp314-cp314` wheels, and no release of it has a `cp314t` one.",
        remedy="Use another version that fits (the report names one if there is one), drop what requires it (an "
        "extra, an optional accelerator), or follow the project's issue about free-threading.",
    ),
    _blocker(
        "NGC007", "own-requires-python", word="excluded", sign="X",
        meaning="The project you check, or its lock file, excludes this target.",
        detail="The project's own `requires-python` excludes the Python of the target, or its lock file was made for "
        "other environments. Change that first: no dependency matters until then.",
        example='`requires-python = ">=3.11,<3.14"` in `pyproject.toml`, checked for 3.14t.',
        remedy="Widen `requires-python`, or the environments of the lock file, and lock again.",
    ),
)  # fmt: skip
