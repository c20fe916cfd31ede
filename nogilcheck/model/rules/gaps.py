"""The rules about what could not be known: ``NGC2xx``."""

from __future__ import annotations

from functools import partial

from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

_gap = partial(Rule, severity=Severity.GAP)

GAPS = (
    _gap(
        "NGC201", "unknown", sign="?",
        meaning="What the target gets for a distribution is unknown.",
        detail="Something that the decision needs is missing, and nogilcheck does not guess. It may be ready, and it "
        "may be a blocker.",
        example="An sdist without wheels that shows neither compiled code nor its absence.",
        remedy="The text says what is missing. Once you know the answer, a waiver with a reason records it.",
    ),
    _gap(
        "NGC202", "unread", unusable=True,
        meaning="A file or a line of the input could not be read.",
        detail="The file is missing, is not what its name says, or has a line that makes no sense. What the line "
        "would have brought is not checked, so the run ends with status 2.",
        example="`pandas=>2` in `requirements.txt` (`>=` was meant).",
        remedy="Correct the line. For a file with an unusual name say what it is with `--input-format`.",
    ),
    _gap(
        "NGC203", "unknown-project",
        meaning="No index that was asked knows the project, or none lists a file of it.",
        detail="Its name may be misspelled, or it may be on a private index that was not asked.",
        example="`company-telemetry` while only PyPI is asked.",
        remedy="Name the index (`--index-url`, `--extra-index-url`, pip's or uv's settings), or correct the name.",
    ),
    _gap(
        "NGC204", "unreachable",
        meaning="An index or a file did not answer.",
        detail="After several attempts there was no answer, or the server refused it: a network or proxy at fault, an "
        "index that is down, credentials that are missing or wrong. No conclusion is drawn from an answer that did "
        "not come.",
        example="`403 Forbidden` from a private index whose token has expired.",
        remedy="Run it again; check the URL, the proxy and the credentials of the index that the text names.",
    ),
    _gap(
        "NGC205", "offline",
        meaning="What is needed is not cached, and --offline is set.",
        detail="With `--offline` nothing but the cache is read, and the cache does not hold this page or this file.",
        example="The first run in a new container, with `--offline`.",
        remedy="Run once without `--offline` (CI: restore the cache directory), or check a lock that names its files.",
    ),
    _gap(
        "NGC206", "direct-reference",
        meaning="A direct reference is not checked.",
        detail="A requirement names a URL, a repository or a directory that is not checked: it would have to be "
        "built, or it is not an archive.",
        example="`tool @ git+ssh://host/tool.git` without a version that an index knows.",
        remedy="Require a release from an index, or check the project behind it on its own.",
    ),
    _gap(
        "NGC207", "conflict", unusable=True,
        meaning="The requirements contradict one another, or match no version.",
        detail="No set of versions satisfies every requirement, so an installer would fail too. The text shows who "
        "asks for what. The run ends with status 2.",
        example="`app` needs `numpy<2`, and your file says `numpy>=2.1`.",
        remedy="Change one of the requirements that the text names.",
    ),
    _gap(
        "NGC208", "dependencies-unknown",
        meaning="The dependencies of a distribution are not fully known.",
        detail="The metadata of the distribution could not be read, or says that only a build can tell (`Dynamic: "
        "Requires-Dist`). What it depends on is not checked.",
        example="An sdist whose `setup.py` computes its requirements.",
        remedy="Prefer a version with a wheel, or name the dependencies in your own requirements so that they are "
        "checked.",
    ),
    _gap(
        "NGC209", "marker-unknown",
        meaning="A marker rests on a value that the target cannot know.",
        detail="A marker compares with a value that only a running machine has, so that nobody can say here whether "
        "the requirement applies.",
        example='`tool; platform_version >= "10"`.',
        remedy="Write the marker with `sys_platform`, `platform_machine` or `python_version`.",
    ),
    _gap(
        "NGC210", "cut-off",
        meaning="A bound of the resolution was hit.",
        detail="Rounds, sizes and counts are bounded, so that no input can make a check run for ever or fill the "
        "memory. What lies beyond a bound is not known. Where pip's search for versions was stopped and another one "
        "found versions that satisfy every requirement, these are judged; pip may choose others.",
        example="Two large projects without upper bounds that have to be brought into agreement over thousands of "
        "releases.",
        remedy="Give the requirements lower bounds, constraints, or a lock, which is followed without a search.",
    ),
    _gap(
        "NGC211", "nothing-applies",
        meaning="No requirement of the input applies to the target, or none was found.",
        detail="Every requirement of the input, or of the project together with one of its extras or groups, has a "
        "marker that is false on this target; or a requirements file, or standard input, has no requirement at all. "
        "Nothing was checked, so nothing can be called ready. A project, a lock or an environment that states that it "
        "requires nothing (`dependencies = []`) is ready.",
        example="A file in which every line ends with `; sys_platform == 'win32'`, checked for Linux.",
        remedy="Check the platform that the file is for (`--platform windows-amd64`), or another file.",
    ),
    _gap(
        "NGC212", "upload-time-unknown",
        meaning="An upload date could not be applied to every file.",
        detail="`--exclude-newer` was given, and the index does not say when some files were uploaded.",
        example="An index that serves HTML pages only; upload times are in JSON pages (PEP 700).",
        remedy="Leave out `--exclude-newer`, or ask an index that states upload times.",
    ),
    _gap(
        "NGC213", "hash-missing", unusable=True,
        meaning="Hashes are required, and a requirement has none or no pin.",
        detail="One requirement has hashes, so every one needs them and an exact version, as in pip's hash-checking "
        "mode. An installer would refuse the file; the run ends with status 2.",
        example="`app==1.0 --hash=sha256:...` beside a bare `tools`.",
        remedy="Write the file with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`.",
    ),
    _gap(
        "NGC214", "not-scanned",
        meaning="A wheel, or a part of it, could not be scanned for what it declares of the GIL.",
        detail="`--scan` was asked for, and a wheel, or some of its extension modules, was not read: the limit of the "
        "scan was reached, or the file could not be had. Whether it keeps the GIL off is not known.",
        example="A wheel of 900 MB with `--scan-limit 500MB`.",
        remedy="Raise `--scan-limit`, run again when the index answers, or record what you know with a waiver.",
    ),
    _gap(
        "NGC215", "scan-unknown",
        meaning="What an extension module declares about the GIL is unknown.",
        detail="The bytes of an extension module do not tell what it declares, or not within the bounds of the "
        "analysis. It is never taken for free of the GIL on a guess.",
        example="A module whose declaration depends on an environment variable.",
        remedy="Install the extra `scan`, where the text says so. Otherwise import it once in a free-threaded "
        "interpreter with `-W error` and record the answer with a waiver.",
    ),
    _gap(
        "NGC216", "setting-not-followed",
        meaning="A setting changes what an installer chooses, and nogilcheck does not follow it.",
        detail="A configuration file or an environment variable of pip, uv, Poetry, PDM or Pipenv says something that "
        "changes which distributions the tool chooses, and nogilcheck does not do the same. Settings that it does not "
        "know count as such. The reference, Settings of the installers, lists what is obeyed.",
        example='`resolution = "lowest"` in `[tool.uv]`; `PIP_PREFER_BINARY=1`.',
        remedy="Check what the tool has chosen: give its lock file, or the output of `pip freeze`.",
    ),
    _gap(
        "NGC217", "installer-refuses",
        meaning="The installer that a lock is for does not take the wheel that fits the target.",
        detail="The wheel fits by its tags, and pip and uv install it. The tool that wrote the lock does not know the "
        "tag: it builds the sdist instead, or fails.",
        example="A `cp315-abi3.abi3t` wheel in a pdm.lock: PDM 2.29.4 with dep-logic 0.7.2 installs no `abi3t` wheel.",
        remedy="Install with pip or uv (`pdm export`), or ignore this once your version of the tool knows the tag.",
    ),
)  # fmt: skip
