"""The prose of every rule: ``nogilcheck explain``, the rule pages of the documentation and the help in SARIF."""

from __future__ import annotations

from dataclasses import dataclass

from nogilcheck.judge.rules import INSPECTION_RULES, RULES, Rule
from nogilcheck.model.rule import RulePage


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleExplanation:
    """What stands on the page of a rule below its meaning. See `RulePage`."""

    detail: str
    example: str
    remedy: str


def pages() -> tuple[RulePage, ...]:
    """The page of every rule, in the order of their codes."""
    return tuple(map(_page, sorted((*RULES, *INSPECTION_RULES), key=lambda rule: rule.code)))


def _page(rule: Rule) -> RulePage:
    prose = EXPLANATIONS[rule.name]
    return RulePage(
        code=rule.code,
        name=rule.name,
        severity=rule.severity,
        unusable=rule.unusable,
        meaning=rule.meaning,
        detail=prose.detail,
        example=prose.example,
        remedy=prose.remedy,
    )


EXPLANATIONS = {
    "gil-enabled": RuleExplanation(
        detail=(
            "The wheel installs, and importing the module makes the interpreter enable the GIL for the whole "
            "process, with a warning: the module does not declare `Py_MOD_GIL_NOT_USED` (PEP 703), so that nothing "
            "runs in parallel any more."
        ),
        example="`fastmaths 2.1` has a `cp314-cp314t` wheel whose `fastmaths/_core` lacks the declaration.",
        remedy=(
            "Look for a newer release, or ask the project to declare that its modules run without the GIL. Where you "
            "know that they do, `PYTHON_GIL=0` keeps the GIL off at your own risk."
        ),
    ),
    "unavailable": RuleExplanation(
        detail=(
            "The newest version that your requirements permit has no file for this Python and platform, neither for "
            "the free-threaded build nor for the ordinary one. It is judged anyway, rather than replaced by an old "
            "release that happens to have a file."
        ),
        example="`onnxruntime` before its first release for Python 3.15: wheels up to `cp314`, and no sdist.",
        remedy=(
            "Wait for a release for this Python, or ask for one. The ordinary build of this Python is blocked just "
            "the same, so an older Python may be the nearer target."
        ),
    ),
    "source-only": RuleExplanation(
        detail=(
            "No wheel fits, and an installer would build the sdist, which holds code in C, C++, Rust, Cython or the "
            "like. It may work where a compiler and every library is at hand; nogilcheck never runs a build, so it "
            "is not counted on."
        ),
        example="`PyYAML 6.0.3` has wheels for 3.8 to 3.14t, and on 3.15 only an sdist.",
        remedy=(
            "Try the build on the free-threaded interpreter (`pip wheel --no-deps NAME`) and keep the wheel on an "
            "index of your own (`--find-links`), or ask the project for wheels."
        ),
    ),
    "other-platform": RuleExplanation(
        detail=(
            "The project supports free-threaded builds of this Python, and its wheels are for other platforms: "
            "another operating system, another architecture, or a newer C library than the target has."
        ),
        example="Wheels for `cp314t` on macOS and on Linux x86_64, and none for Linux aarch64.",
        remedy=(
            "Ask for a wheel for your platform: the port itself is done. If the wheels only need a newer C library, "
            "name the one you have (`--platform manylinux_2_39_x86_64`)."
        ),
    ),
    "other-python": RuleExplanation(
        detail=(
            "The version has free-threaded wheels, and none of them for the Python of the target. A wheel for "
            "`cp314t` does not install on 3.15t: without the stable ABI each Python needs a build of its own."
        ),
        example="`psutil 7.2.2` has wheels for 3.13t and 3.14t, and none for 3.15t.",
        remedy=(
            "Wait for the wheels, which usually follow the release of the Python, or move to a Python that has them."
        ),
    ),
    "gil-only": RuleExplanation(
        detail=(
            "This version has compiled wheels for ordinary builds only. A free-threaded interpreter has another ABI "
            "and installs none of them; where there is an sdist, installers try to build it."
        ),
        example="`grpcio 1.85.1` has `cp314-cp314` wheels, and no release of it has a `cp314t` one.",
        remedy=(
            "See whether another version fits (the report names one where it does), whether what pulls it in can do "
            "without it (an extra, an optional accelerator), and whether the project has an issue about "
            "free-threading to follow."
        ),
    ),
    "own-requires-python": RuleExplanation(
        detail=(
            "The project's own `requires-python` excludes the Python of the target, or its lock was made for other "
            "environments. Nothing else matters before that is changed."
        ),
        example='`requires-python = ">=3.11,<3.14"` in `pyproject.toml`, checked for 3.14t.',
        remedy="Widen `requires-python`, or the environments of the lock, and lock again.",
    ),
    "pure-fallback": RuleExplanation(
        detail=(
            "The ordinary build gets a compiled wheel, and the free-threaded one gets the pure-Python wheel of the "
            "same version. It works, perhaps much more slowly."
        ),
        example="`protobuf` installs from `py3-none-any` instead of `cp310-abi3`.",
        remedy="Measure whether it matters to you; look for a release with free-threaded wheels if it does.",
    ),
    "source-pure": RuleExplanation(
        detail=(
            "There is no wheel, and the sdist was read and holds no code to compile. Installers build it without a "
            "compiler, and the result is the same on every build of Python."
        ),
        example="`python-nvd3 0.16.0` is published as an sdist alone.",
        remedy="Nothing has to be done. With `--only-binary :all:` it would be a blocker.",
    ),
    "held-back": RuleExplanation(
        detail=(
            "A newer release is permitted by every requirement, and an installer passes it over, because it has no "
            "file for this Python or its Requires-Python excludes it. The older release is what you get, and what is "
            "judged."
        ),
        example="`dask 2026.8.0` is chosen on 3.15, because 2026.9.1 needs Python `>=3.16`.",
        remedy="Nothing has to be done. Pin the version if you do not want it to change with the Python.",
    ),
    "odd-tag": RuleExplanation(
        detail=(
            "A file name bears a combination of tags that no interpreter accepts, most often `t` in the wrong place. "
            "The wheel looks like support and is never installed."
        ),
        example="`name-1.0-cp315t-abi3t-win_amd64.whl`: the Python tag must be `cp315`.",
        remedy="Tell the project: renaming the wheel in its build is all that is missing.",
    ),
    "missing-extra": RuleExplanation(
        detail=(
            "A requirement asks for an extra that the chosen version does not have. Installers warn and go on "
            "without, so what the extra should have brought is not checked."
        ),
        example="`uvicorn[fast]`, where the extra is called `standard`.",
        remedy="Correct the name of the extra in the requirement; the name may have changed between versions.",
    ),
    "assumed": RuleExplanation(
        detail=(
            "The distribution comes from version control. Nothing is built to see what it is; the files that the "
            "index has for the same name and version are judged in its place."
        ),
        example="`numpy @ git+https://host/numpy@v2.3.0` is judged by the wheels of numpy 2.3.0.",
        remedy="Check that your branch builds on the free-threaded interpreter, or require a release.",
    ),
    "two-indexes": RuleExplanation(
        detail=(
            "Several indexes that count alike have a project of this name, as with `--extra-index-url`. Whoever can "
            "upload to one of them decides what is installed (dependency confusion)."
        ),
        example="`company-tools` is on the company's index and, uploaded by a stranger, on PyPI.",
        remedy=(
            "Give each project one index: `--index-strategy first-index`, uv's `[tool.uv.sources]`, or one proxy "
            "index in place of several."
        ),
    ),
    "waiver-expired": RuleExplanation(
        detail=(
            "A waiver in the configuration has a date, and the date is past. What it was for counts again, as if there "
            "were no waiver."
        ),
        example="`expires = 2026-06-30` on a waiver of grpcio, and today is 1 July 2026.",
        remedy="Look whether the reason still holds: renew the waiver with a new date, or remove it.",
    ),
    "baseline-stale": RuleExplanation(
        detail=(
            "The baseline lists a blocker that is no longer there. That is good news; but as long as the baseline "
            "lists it, its return would not fail."
        ),
        example="The baseline of March has psycopg2-binary, which ships free-threaded wheels since May.",
        remedy="Write the baseline again with `--write-baseline`, so that it only ever shrinks.",
    ),
    "regressed": RuleExplanation(
        detail=(
            "An earlier stable release of the project had a free-threaded wheel that fits the target, and the release "
            "that would be installed today has none."
        ),
        example="1.4.0 shipped a `cp314t` wheel, 1.5.0 only `cp314`: a build job was dropped.",
        remedy=(
            "Tell the project, naming both releases: it is often an oversight. Until then the earlier release may do; "
            "`nogilcheck plan` tells whether it fits with everything else."
        ),
    ),
    "unknown": RuleExplanation(
        detail=(
            "Something that the decision needs is missing, and nogilcheck does not guess. It may be ready, and it "
            "may be a blocker."
        ),
        example="An sdist without wheels that shows neither compiled code nor its absence.",
        remedy="The text says what is missing. Once you know the answer, a waiver with a reason records it.",
    ),
    "unread": RuleExplanation(
        detail=(
            "The file is missing, is not what its name says, or has a line that makes no sense. What the line would "
            "have brought is not checked, so the run ends with status 2."
        ),
        example="`pandas=>2` in `requirements.txt` (`>=` was meant).",
        remedy="Correct the line. For a file with an unusual name say what it is with `--input-format`.",
    ),
    "unknown-project": RuleExplanation(
        detail="Its name may be misspelled, or it may be on a private index that was not asked.",
        example="`company-telemetry` while only PyPI is asked.",
        remedy="Name the index (`--index-url`, `--extra-index-url`, pip's or uv's settings), or correct the name.",
    ),
    "unreachable": RuleExplanation(
        detail=(
            "After several attempts there was no answer, or the server refused it: a network or proxy at fault, an "
            "index that is down, credentials that are missing or wrong. No conclusion is drawn from an answer that "
            "did not come."
        ),
        example="`403 Forbidden` from a private index whose token has expired.",
        remedy="Run it again; check the URL, the proxy and the credentials of the index that the text names.",
    ),
    "offline": RuleExplanation(
        detail="With `--offline` nothing but the cache is read, and the cache does not hold this page or this file.",
        example="The first run in a new container, with `--offline`.",
        remedy="Run once without `--offline` (CI: restore the cache directory), or check a lock that names its files.",
    ),
    "direct-reference": RuleExplanation(
        detail=(
            "A requirement names a URL, a repository or a directory that is not looked into: it would have to be "
            "built, or it is not an archive."
        ),
        example="`tool @ git+ssh://host/tool.git` without a version that an index knows.",
        remedy="Require a release from an index, or check the project behind it on its own.",
    ),
    "conflict": RuleExplanation(
        detail=(
            "No set of versions satisfies every requirement, so an installer would fail too. The text shows who asks "
            "for what. The run ends with status 2."
        ),
        example="`app` needs `numpy<2`, and your file says `numpy>=2.1`.",
        remedy="Change one of the requirements that the text names.",
    ),
    "dependencies-unknown": RuleExplanation(
        detail=(
            "The metadata of the distribution could not be read, or says that only a build can tell (`Dynamic: "
            "Requires-Dist`). What it depends on is not checked."
        ),
        example="An sdist whose `setup.py` computes its requirements.",
        remedy=(
            "Prefer a version with a wheel, or name the dependencies in your own requirements so that they are checked."
        ),
    ),
    "marker-unknown": RuleExplanation(
        detail=(
            "A marker compares with a value that only a running machine has, so that nobody can say here whether the "
            "requirement applies."
        ),
        example='`tool; platform_version >= "10"`.',
        remedy="Write the marker with `sys_platform`, `platform_machine` or `python_version`.",
    ),
    "cut-off": RuleExplanation(
        detail=(
            "Rounds, sizes and counts are bounded, so that no input can make a check run for ever or fill the "
            "memory. What lies beyond a bound is not known."
        ),
        example=(
            "Two large projects without upper bounds that have to be brought into agreement over thousands of releases."
        ),
        remedy="Give the requirements lower bounds, constraints, or a lock, which is followed without a search.",
    ),
    "nothing-applies": RuleExplanation(
        detail=(
            "Every requirement has a marker that is false on this target. Nothing was checked, so nothing can be "
            "called ready."
        ),
        example="A file in which every line ends with `; sys_platform == 'win32'`, checked for Linux.",
        remedy="Check the platform that the file is for (`--platform windows-amd64`), or another file.",
    ),
    "upload-time-unknown": RuleExplanation(
        detail="`--exclude-newer` was given, and the index does not say when some files were uploaded.",
        example="An index that serves HTML pages only; upload times are in JSON pages (PEP 700).",
        remedy="Leave out `--exclude-newer`, or ask an index that states upload times.",
    ),
    "hash-missing": RuleExplanation(
        detail=(
            "One requirement has hashes, so every one needs them and an exact version, as in pip's hash-checking "
            "mode. An installer would refuse the file; the run ends with status 2."
        ),
        example="`app==1.0 --hash=sha256:...` beside a bare `tools`.",
        remedy="Write the file with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`.",
    ),
    "not-scanned": RuleExplanation(
        detail=(
            "`--scan` was asked for, and a wheel, or some of its extension modules, was not read: the limit of the "
            "scan was reached, or the file could not be had. Whether it keeps the GIL off is not known."
        ),
        example="A wheel of 900 MB with `--scan-limit 500MB`.",
        remedy="Raise `--scan-limit`, run again when the index answers, or record what you know with a waiver.",
    ),
    "scan-unknown": RuleExplanation(
        detail=(
            "The bytes of an extension module do not tell what it declares, or not within the bounds of the analysis. "
            "It is never taken for free of the GIL on a guess."
        ),
        example="A module whose declaration depends on an environment variable.",
        remedy=(
            "Install the extra `scan`, where the text says so. Otherwise import it once in a free-threaded interpreter "
            "with `-W error` and record the answer with a waiver."
        ),
    ),
    "undeclared": RuleExplanation(
        detail=(
            "Importing the module turns the GIL back on for the whole process: it has neither a `Py_mod_gil` slot "
            "with `Py_MOD_GIL_NOT_USED` nor a call of `PyUnstable_Module_SetGIL` in its init function (PEP 703)."
        ),
        example="A Cython module built without `freethreading_compatible`.",
        remedy="Declare it once the module is safe without the GIL, or do not publish a free-threaded wheel.",
    ),
    "none-tag": RuleExplanation(
        detail=(
            "The ABI tag `none` says that the wheel does not depend on the ABI of Python, yet it holds extension "
            "modules, which do. Interpreters that cannot load them will install it."
        ),
        example="`demo-1.0-cp313-none-win_amd64.whl` with `demo/_speed.cp313-win_amd64.pyd` in it.",
        remedy="Tag it for the ABI that it was built for, such as `cp313-cp313` or `cp314-cp314t`.",
    ),
    "abi3t-contents": RuleExplanation(
        detail=(
            "A wheel with the ABI tag `abi3t` promises modules for the stable ABI of free-threaded builds (PEP 803), "
            "and one of them is not: its hook, its ABI information, or what it imports of the C API says otherwise."
        ),
        example="A module that calls `PyModule_Create2`, which the stable ABI of free-threaded builds does not have.",
        remedy="Build it with `Py_TARGET_ABI3T`, or tag the wheel for the one Python that it was built for.",
    ),
    "unloadable-suffix": RuleExplanation(
        detail="The import system looks for files by their suffix, and no interpreter of the tags looks for this one.",
        example="`_speed.cpython-314-x86_64-linux-gnu.so` in a `cp314-cp314t` wheel, which needs `cpython-314t`.",
        remedy="Build the module with the interpreter that the wheel is tagged for.",
    ),
    "tags-differ": RuleExplanation(
        detail=(
            "The tags in the file name and in `WHEEL` differ. Installers go by the name, other tools by the file "
            "(binary distribution format)."
        ),
        example="A wheel that was renamed by hand in place of `wheel tags`.",
        remedy="Use `wheel tags` or the build backend to change tags.",
    ),
    "impossible-tag": RuleExplanation(
        detail="No interpreter accepts such a tag, so that nobody will ever install the wheel.",
        example="`cp315t-abi3t`: the `t` belongs to the ABI, `cp315-abi3t` is meant.",
        remedy="Correct the tag with `wheel tags` before you publish it.",
    ),
    "classifier": RuleExplanation(
        detail=(
            "A `Free Threading ::` classifier tells people how well free threading is supported, and what is shipped "
            "says otherwise. It is a claim, and never decides a verdict here."
        ),
        example="`Free Threading :: 3 - Stable` on a project whose module declares that it needs the GIL.",
        remedy="Bring the classifier and the modules into agreement.",
    ),
    "undeclared-in-tests": RuleExplanation(
        detail="A module that only tests import does not declare it: users are not affected, and test runs are.",
        example="`demo/tests/_testing.cpython-314t-x86_64-linux-gnu.so`.",
        remedy="Declare it as well, or leave it out of the wheel.",
    ),
    "declaration-unknown": RuleExplanation(
        detail="What a module declares could not be determined from its bytes; it is never taken for free on a guess.",
        example="A module that decides by an environment variable when it is imported.",
        remedy="Install the extra `scan`, where the text says so; otherwise import it in a free-threaded interpreter.",
    ),
}
"""By the name of the rule. A test holds them to `RULES` and `INSPECTION_RULES`."""
