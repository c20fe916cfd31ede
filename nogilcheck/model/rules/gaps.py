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
        detail="Something that the decision needs is missing, and nogilcheck does not guess: it may be ready, or it "
        "may be a blocker.",
        example="An sdist without wheels that shows neither compiled code nor its absence.",
        remedy="The message says what is missing. Once you know the answer, record it in a waiver with a reason.",
    ),
    _gap(
        "NGC202", "unread", unusable=True,
        meaning="A file or a line of the input could not be read.",
        detail="The file is missing, has another format than its name says, or has an invalid line. What the line "
        "would have brought in is not checked, so the run ends with status 2.",
        example="`pandas=>2` in `requirements.txt` (`>=` was meant).",
        remedy="Correct the line. If a file has an unusual name, give its format with `--input-format`.",
    ),
    _gap(
        "NGC203", "unknown-project",
        meaning="None of the indexes has the project, or none lists a file of it.",
        detail="Its name may be misspelled, or it may be on a private index that is not configured.",
        example="`company-telemetry`, when PyPI is the only index.",
        remedy="Configure the index (`--index-url`, `--extra-index-url`, pip's or uv's settings), or correct the "
        "name.",
    ),
    _gap(
        "NGC204", "unreachable",
        meaning="An index or a file did not answer.",
        detail="After several attempts there was no answer, or the server refused the request: a network or proxy "
        "problem, an index that is down, missing or wrong credentials. nogilcheck draws no conclusion from a missing "
        "answer.",
        example="`403 Forbidden` from a private index whose token has expired.",
        remedy="Run it again; check the URL, the proxy and the credentials of the index that the message names.",
    ),
    _gap(
        "NGC205", "offline",
        meaning="What is needed is not cached, and --offline is set.",
        detail="With `--offline` only the cache is read, and it does not hold this page or file.",
        example="The first run in a new container, with `--offline`.",
        remedy="Run once without `--offline` (in CI: restore the cache directory), or check a lock file that names "
        "its files.",
    ),
    _gap(
        "NGC206", "direct-reference",
        meaning="A direct reference is not checked.",
        detail="A requirement names a URL, a repository or a directory that nogilcheck does not check: it would have "
        "to be built, or it is not an archive.",
        example="`tool @ git+ssh://host/tool.git` without a version that an index has.",
        remedy="Require a release from an index, or check that project by itself.",
    ),
    _gap(
        "NGC207", "conflict", unusable=True,
        meaning="The requirements contradict one another, or match no version.",
        detail="No set of versions satisfies every requirement, so an installer would fail too. The message shows "
        "which requirements conflict. The run ends with status 2.",
        example="`app` requires `numpy<2`, and your file says `numpy>=2.1`.",
        remedy="Change one of the requirements that the message names.",
    ),
    _gap(
        "NGC208", "dependencies-unknown",
        meaning="The dependencies of a distribution are not fully known.",
        detail="The metadata of the distribution could not be read, or says that only a build can tell (`Dynamic: "
        "Requires-Dist`). What it depends on is not checked.",
        example="An sdist whose `setup.py` computes its requirements.",
        remedy="Use a version with a wheel, or list the dependencies in your own requirements so that they are "
        "checked.",
    ),
    _gap(
        "NGC209", "marker-unknown",
        meaning="A marker depends on a value that nogilcheck cannot know.",
        detail="A marker compares a value that only a running machine has, so it is unknown whether the requirement "
        "applies.",
        example='`tool; platform_version >= "10"`.',
        remedy="Write the marker with `sys_platform`, `platform_machine` or `python_version`.",
    ),
    _gap(
        "NGC210", "cut-off",
        meaning="The resolution reached one of its limits.",
        detail="Rounds, sizes and counts are limited, so that no input can make a check run forever or use up the "
        "memory. What lies beyond a limit is unknown. If pip's search for versions was stopped and another search "
        "found versions that satisfy every requirement, those are judged; pip may choose others.",
        example="Two large projects without upper bounds whose versions have to be matched over thousands of "
        "releases.",
        remedy="Give the requirements lower bounds, use constraints, or check a lock file, which needs no search.",
    ),
    _gap(
        "NGC211", "nothing-applies",
        meaning="No requirement applies to the target, or the input has none.",
        detail="Every requirement of the input, or of the project together with one of its extras or groups, has a "
        "marker that is false on this target; or a requirements file or standard input has no requirement at all. "
        "Nothing was checked, so nothing is called ready. A project, lock file or environment that declares that it "
        "requires nothing (`dependencies = []`) is ready.",
        example="A file in which every line ends with `; sys_platform == 'win32'`, checked for Linux.",
        remedy="Check the platform that the file is for (`--platform windows-amd64`), or another file.",
    ),
    _gap(
        "NGC212", "upload-time-unknown",
        meaning="The upload time of some files is unknown, so a date limit could not be applied to them.",
        detail="`--exclude-newer` was given, but the index does not say when some files were uploaded.",
        example="An index that serves HTML pages only; upload times are in JSON pages (PEP 700).",
        remedy="Omit `--exclude-newer`, or use an index that provides upload times.",
    ),
    _gap(
        "NGC213", "hash-missing", unusable=True,
        meaning="Hashes are required, but a requirement has no hash or no exact version.",
        detail="One requirement has hashes, so all of them need hashes and an exact version, as in pip's "
        "hash-checking mode. An installer would refuse the file; the run ends with status 2.",
        example="`app==1.0 --hash=sha256:...` beside a bare `tools`.",
        remedy="Write the file with `pip-compile --generate-hashes` or `uv pip compile --generate-hashes`.",
    ),
    _gap(
        "NGC214", "not-scanned",
        meaning="A wheel, or part of it, was not scanned for its GIL declarations.",
        detail="`--scan` was given, but a wheel or some of its extension modules were not read: the scan reached its "
        "limit, or the file could not be downloaded. Whether it keeps the GIL off is unknown.",
        example="A wheel of 900 MB with `--scan-limit 500MB`.",
        remedy="Raise `--scan-limit`, run again when the index answers, or record what you know in a waiver.",
    ),
    _gap(
        "NGC215", "scan-unknown",
        meaning="What an extension module declares about the GIL is unknown.",
        detail="The declaration does not follow from the bytes of the module, or not within the limits of the "
        "analysis. nogilcheck never assumes that such a module runs without the GIL.",
        example="A module whose declaration depends on an environment variable.",
        remedy="Install the extra `scan` if the message says so. Otherwise import the module once in a free-threaded "
        "interpreter with `-W error`, and record the answer in a waiver.",
    ),
    _gap(
        "NGC216", "setting-not-followed",
        meaning="A setting changes what an installer chooses, and nogilcheck does not follow it.",
        detail='A configuration file or an environment variable of pip, uv, Poetry, PDM or Pipenv changes which '
        'distributions the tool chooses, and nogilcheck does not do the same. Settings that it does not know count '
        'as such. The reference page "Settings of the installers" lists what is obeyed.',
        example='`resolution = "lowest"` in `[tool.uv]`; `PIP_PREFER_BINARY=1`.',
        remedy="Check what the tool has chosen: its lock file, or the output of `pip freeze`.",
    ),
    _gap(
        "NGC217", "installer-refuses",
        meaning="The tool of the lock file does not install the wheel that fits the target.",
        detail="The wheel fits by its tags, and pip and uv install it. The tool that wrote the lock file does not "
        "know the tag: it builds the sdist instead, or fails.",
        example="A `cp315-abi3.abi3t` wheel in a pdm.lock: PDM 2.29.4 with dep-logic 0.7.2 installs no `abi3t` wheel.",
        remedy="Install with pip or uv (`pdm export`), or ignore this finding once your version of the tool knows "
        "the tag.",
    ),
)  # fmt: skip
