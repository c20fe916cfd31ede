"""The rules that warn: ``NGC1xx``."""

from __future__ import annotations

from functools import partial

from nogilcheck.model.report.finding import AdviceKind
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

_warning = partial(Rule, severity=Severity.WARNING)

WARNINGS = (
    _warning(
        "NGC101", "pure-fallback", sign="f",
        meaning="A pure wheel installs, without the accelerator that the GIL-enabled build gets.",
        detail="The regular build gets a compiled wheel, and the free-threaded one gets the pure-Python wheel of the "
        "same version. It works, perhaps much more slowly.",
        example="`protobuf` installs from `py3-none-any` instead of `cp310-abi3`.",
        remedy="Measure whether it matters to you; look for a release with free-threaded wheels if it does.",
    ),
    _warning(
        "NGC102", "source-pure", word="pure sdist", sign="s",
        meaning="Only an sdist exists; it is shown to be pure Python.",
        detail="There is no wheel, and the sdist was read and holds no code to compile. Installers build it without a "
        "compiler, and the result is the same on every build of Python.",
        example="`python-nvd3 0.16.0` is published as an sdist alone.",
        remedy="Nothing has to be done. With `--only-binary :all:` it would be a blocker.",
    ),
    _warning(
        "NGC103", "held-back", sign="h",
        meaning="A newer permitted release has no file for this Python, or excludes it.",
        detail="A newer release is permitted by every requirement, and an installer passes it over, because it has no "
        "file for this Python or its Requires-Python excludes it. The older release is what you get, and what is "
        "judged.",
        example="`dask 2026.8.0` is chosen on 3.15, because 2026.9.1 needs Python `>=3.16`.",
        remedy="Nothing has to be done. Pin the version if you do not want it to change with the Python.",
    ),
    _warning(
        "NGC104", "odd-tag", sign="t",
        meaning="A wheel bears tags that no interpreter accepts, so that nothing ever installs it.",
        advice=AdviceKind.REPORT, advice_text="tell its authors: they meant somebody to install it",
        detail="A file name bears a combination of tags that no interpreter accepts, most often `t` in the wrong "
        "place. The wheel looks like support and is never installed.",
        example="`name-1.0-cp315t-abi3t-win_amd64.whl`: the Python tag must be `cp315`.",
        remedy="Tell the project: renaming the wheel in its build is all that is missing.",
    ),
    _warning(
        "NGC105", "missing-extra",
        meaning="An extra is asked for that the chosen version does not provide.",
        advice=AdviceKind.DROP, advice_text="leave out {extra}, or look for what it is called now",
        detail="A requirement asks for an extra that the chosen version does not have. Installers warn and go on "
        "without, so what the extra should have brought is not checked.",
        example="`uvicorn[fast]`, where the extra is called `standard`.",
        remedy="Correct the name of the extra in the requirement; the name may have changed between versions.",
    ),
    _warning(
        "NGC106", "assumed",
        meaning="It comes from version control; the index's files of the same version are judged.",
        says="taken from {all}: it is assumed to be what the index has as this version",
        advice=AdviceKind.BUILD, advice_text="build a wheel of what it is taken from, and check that one",
        detail="The distribution comes from version control. Nothing is built to see what it is; the files that the "
        "index has for the same name and version are judged in its place.",
        example="`numpy @ git+https://host/numpy@v2.3.0` is judged by the wheels of numpy 2.3.0.",
        remedy="Check that your branch builds on the free-threaded interpreter, or require a release.",
    ),
    _warning(
        "NGC107", "two-indexes",
        meaning="Several indexes that are merged have the project: any of them could provide it.",
        says="on several indexes, any of which could provide it: {listed}",
        advice=AdviceKind.PIN_INDEX,
        advice_text="say which one it comes from, or take the first that has it (--index-strategy first-index)",
        detail="Several indexes that count alike have a project of this name, as with `--extra-index-url`. Whoever "
        "can upload to one of them decides what is installed (dependency confusion).",
        example="`company-tools` is on the company's index and, uploaded by a stranger, on PyPI.",
        remedy="Give each project one index: `--index-strategy first-index`, uv's `[tool.uv.sources]`, or one proxy "
        "index in place of several.",
    ),
    _warning(
        "NGC108", "waiver-expired",
        meaning="A waiver has expired, so that what it was for counts again.",
        says="the waiver in {0} expired on {1} ({2}): renew it, or remove it",
        detail="A waiver in the configuration has a date, and the date is past. What it was for counts again, as if "
        "there were no waiver.",
        example="`expires = 2026-06-30` on a waiver of grpcio, and today is 1 July 2026.",
        remedy="Look whether the reason still holds: renew the waiver with a new date, or remove it.",
    ),
    _warning(
        "NGC109", "baseline-stale",
        meaning="A blocker of the baseline is gone: the baseline can be tightened.",
        says="gone, and still in the baseline {all}",
        detail="The baseline lists a blocker that is no longer there. That is good news; but as long as the baseline "
        "lists it, its return would not fail.",
        example="The baseline of March has psycopg2-binary, which ships free-threaded wheels since May.",
        remedy="Write the baseline again with `--write-baseline`, so that it only ever shrinks.",
    ),
    _warning(
        "NGC110", "regressed",
        meaning="An earlier release had a free-threaded wheel that fits, and this one does not.",
        advice=AdviceKind.REPORT, advice_text="ask its authors whether that was meant",
        detail="An earlier stable release of the project had a free-threaded wheel that fits the target, and the "
        "release that would be installed today has none.",
        example="1.4.0 shipped a `cp314t` wheel, 1.5.0 only `cp314`: a build job was dropped.",
        remedy="Tell the project, naming both releases: it is often an oversight. Until then the earlier release may "
        "do; `nogilcheck plan` tells whether it fits with everything else.",
    ),
    _warning(
        "NGC111", "python-cap", word="left out", sign="l",
        meaning="A marker in the input admits only older Pythons, so that the requirement is left out.",
        says="{0} is left out: its marker admits older Pythons only",
        detail="A requirement of yours has a marker that holds on older Pythons and neither on the target nor on "
        "newer ones, and no other requirement asks for the project in its place. It is not installed on the target "
        "and not judged. For a backport of the standard library that is meant; otherwise your code lacks it there.",
        example="`grpcio==1.60 ; python_version < '3.13'`, checked for 3.14t.",
        remedy="Raise the limit in the marker, or take the marker away. Put a backport aside with a waiver.",
    ),
    _warning(
        "NGC112", "discarded",
        meaning="Installers discard a permitted release, or a file of it, because its metadata are not valid.",
        says="{0} is discarded, as installers do: {1}",
        advice=AdviceKind.REPORT, advice_text="tell its authors, who can upload it anew",
        detail="The METADATA of a wheel hold a requirement that is not valid, or name another project or version than "
        "the file does. Installers do not take such a file and go on to the next file or release, which is judged "
        "here. pip 26.3 passes over it with a warning, or with nothing but a line in its log.",
        example="`flashy-2.8.3+cu126-py3-none-any.whl` says inside that it is 2.8.3, so that 2.7.0 is installed.",
        remedy="Nothing has to be done. If you need the release, tell its authors what is wrong with the file.",
    ),
    _warning(
        "NGC113", "wheels-disagree",
        meaning="The free-threaded wheel requires something else than the regular build's, or is of another release.",
        says="{0} {2}, unlike {1}",
        advice=AdviceKind.REPORT, advice_text="ask its authors whether that was meant",
        detail="The wheels of one release need not have the same metadata. What the regular build installs decides "
        "the versions; where the wheel for the target requires something else, that is followed on the target: what "
        "it requires more is judged there, and what it does not require blocks nothing there. A release of which the "
        "regular build gets nothing, while the target gets a wheel of it, is what an installer takes on the target.",
        example="The `cp314` wheel requires nothing, and the `cp314t` wheel requires `ftonly`, which is GIL-only.",
        remedy="Look at whether the requirements of the free-threaded wheel are what its authors meant.",
    ),
    _warning(
        "NGC114", "excluded-by-intent",
        meaning="What it says of its Pythons admits this one by the letter, and is meant to exclude it.",
        says="its {0}: it is probably not meant for Python {1}, on which installers take it all the same",
        detail="`!=3.15` and `>3.15` are about 3.15.0 alone (PEP 440), so that installers take the distribution on "
        "3.15.2. Who writes this means the whole of 3.15. For the project itself, classifiers that list Pythons and "
        "end before this one are a warning as well; for its dependencies they are a note.",
        example="apache-airflow 3.3 has `Requires-Python: >=3.10,!=3.15`, and installs on 3.15.2.",
        remedy="Ask its authors whether they support this Python; test with it before you rely on it.",
    ),
)  # fmt: skip
