"""The rules that warn: ``NGC1xx``."""

from __future__ import annotations

from functools import partial

from nogilcheck.model.policy import KNOWN_PROBLEM
from nogilcheck.model.report.finding import AdviceKind
from nogilcheck.model.rules.rule import Rule
from nogilcheck.model.verdict import Severity

_warning = partial(Rule, severity=Severity.WARNING)

WARNINGS = (
    _warning(
        "NGC101", "pure-fallback", sign="f",
        meaning="A pure-Python wheel installs, without the compiled accelerator that the regular build gets.",
        detail="The regular build gets a compiled wheel; the free-threaded build gets the pure-Python wheel of the "
        "same version. It works, but may be much slower.",
        example="`protobuf` installs from `py3-none-any` instead of `cp310-abi3`.",
        remedy="Measure whether it matters to you; if it does, look for a release with free-threaded wheels.",
    ),
    _warning(
        "NGC102", "source-pure", word="pure sdist", sign="s",
        meaning="There is only an sdist, and it holds no code to compile.",
        detail="The sdist was read. Installers build it without a compiler, and the result is the same on every "
        "build of Python.",
        example="`python-nvd3 0.16.0` is published as an sdist alone.",
        remedy="Nothing has to be done. With `--only-binary :all:` it would be a blocker.",
    ),
    _warning(
        "NGC103", "held-back", sign="h",
        meaning="A newer permitted release has no file for this Python, or excludes it.",
        detail="Every requirement permits a newer release, but an installer skips it, because it has no file for "
        "this Python or its Requires-Python excludes it. The older release is what you get, and what is judged.",
        example="`dask 2026.8.0` is chosen on 3.15, because 2026.9.1 needs Python `>=3.16`.",
        remedy="Nothing has to be done. Pin the version if it must not change with the Python.",
    ),
    _warning(
        "NGC104", "odd-tag", sign="t",
        meaning="A wheel has tags that no interpreter accepts, so it is never installed.",
        advice=AdviceKind.REPORT, advice_text="tell its authors: the wheel is never installed",
        detail="A file name has a combination of tags that no interpreter accepts, most often with `t` in the wrong "
        "place. The wheel looks like support and is never installed.",
        example="`name-1.0-cp315t-abi3t-win_amd64.whl`: the Python tag must be `cp315`.",
        remedy="Tell the project: only the file name has to change.",
    ),
    _warning(
        "NGC105", "missing-extra",
        meaning="A requirement names an extra that the chosen version does not have.",
        says="requested with an extra that it does not have: {listed}",
        advice=AdviceKind.DROP, advice_text="remove the extra {extra}, or find its new name",
        detail="Installers warn and go on without the extra, so what it should have brought in is not checked.",
        example="`uvicorn[fast]`, where the extra is called `standard`.",
        remedy="Correct the name of the extra in the requirement; it may have changed between versions.",
    ),
    _warning(
        "NGC106", "assumed",
        meaning="It comes from version control; the index's files of the same version are judged instead.",
        says="taken from {all}; assumed to equal the release of this version on the index",
        advice=AdviceKind.BUILD, advice_text="build a wheel from that source, and check the wheel",
        detail="The distribution comes from version control. nogilcheck builds nothing, so it judges the files that "
        "the index has for the same name and version.",
        example="`numpy @ git+https://host/numpy@v2.3.0` is judged by the wheels of numpy 2.3.0.",
        remedy="Check that your branch builds on the free-threaded interpreter, or require a release.",
    ),
    _warning(
        "NGC107", "two-indexes",
        meaning="Several merged indexes have the project, and any of them could provide it.",
        says="on several indexes, any of which could provide it: {listed}",
        advice=AdviceKind.PIN_INDEX,
        advice_text="pin it to one index, or use the first index that has it (--index-strategy first-index)",
        detail="Several indexes of equal rank have a project of this name, as with `--extra-index-url`. Whoever can "
        "upload to one of them decides what is installed (dependency confusion).",
        example="`company-tools` is on the company's index and, uploaded by a stranger, on PyPI.",
        remedy="Give each project one index: `--index-strategy first-index`, `[tool.uv.sources]`, or a single proxy "
        "index.",
    ),
    _warning(
        "NGC108", "waiver-expired",
        meaning="A waiver has ended, so its findings count again.",
        says="the waiver in {0} has ended ({1}; {2}): renew it or remove it",
        detail="A waiver in the configuration has a date that has passed, or was to hold until a release fits, and one "
        "does. Its findings count as if there were no waiver.",
        example="`expires = 2026-06-30` on a waiver of grpcio, and today is 1 July 2026.",
        remedy="Take the release that fits. If the reason still holds, renew the waiver; otherwise remove it.",
    ),
    _warning(
        "NGC109", "baseline-stale",
        meaning="A blocker in the baseline is gone, so the baseline can be tightened.",
        says="no longer a blocker, but still in the baseline {all}",
        detail="The baseline lists a blocker that no longer exists. That is good news, but as long as the baseline "
        "lists it, its return would not fail the check.",
        example="The baseline of March lists psycopg2-binary, which has shipped free-threaded wheels since May.",
        remedy="Write the baseline again with `--write-baseline`, so that it only ever shrinks.",
    ),
    _warning(
        "NGC110", "regressed",
        meaning="An earlier release had a free-threaded wheel that fits; this one does not.",
        advice=AdviceKind.REPORT, advice_text="ask its authors whether that was intended",
        detail="An earlier stable release of the project had a free-threaded wheel that fits the target, but the "
        "release that would be installed today has none.",
        example="1.4.0 shipped a `cp314t` wheel, 1.5.0 only `cp314`: a build job was dropped.",
        remedy="Tell the project, naming both releases: it is often an oversight. Until then the earlier release may "
        "do; `nogilcheck plan` tells whether it fits with everything else.",
    ),
    _warning(
        "NGC111", "python-cap", word="left out", sign="l",
        meaning="A marker limits a requirement to older Pythons, so it is left out.",
        says="{0} is left out: its marker admits only older Pythons",
        detail="The marker of one of your requirements is true on older Pythons, but false on the target and on "
        "newer ones, and no other requirement names the project. It is neither installed nor judged on the target. "
        "For a backport of the standard library that is intended; otherwise your code lacks it there.",
        example="`grpcio==1.60 ; python_version < '3.13'`, checked for 3.14t.",
        remedy="Raise the limit in the marker or remove the marker. If it is a backport, record that with a waiver.",
    ),
    _warning(
        "NGC112", "discarded",
        meaning="Installers discard a permitted release, or one of its files, because its metadata is invalid.",
        says="{0} is discarded, as installers do: {1}",
        advice=AdviceKind.REPORT, advice_text="tell its authors, who can upload it again",
        detail="The METADATA of a wheel has an invalid requirement, or names another project or version than the "
        "file name. Installers skip such a file and use the next file or release, which is judged here. pip 26.3 "
        "skips it with a warning, or with nothing but a line in its log.",
        example="`flashy-2.8.3+cu126-py3-none-any.whl` says inside that it is 2.8.3, so that 2.7.0 is installed.",
        remedy="Nothing has to be done. If you need the release, tell its authors what is wrong with the file.",
    ),
    _warning(
        "NGC113", "wheels-disagree",
        meaning="The free-threaded wheel requires something other than the regular build's wheel, or is of another "
        "release.",
        says="{0} {2}, unlike {1}",
        advice=AdviceKind.REPORT, advice_text="ask its authors whether that was intended",
        detail="The wheels of one release may have different metadata. What the regular build installs decides the "
        "versions; where the wheel for the target has other requirements, those are followed on the target: what it "
        "requires in addition is judged there, and what it does not require blocks nothing there. A release that has "
        "a wheel for the target but nothing for the regular build is what an installer takes on the target.",
        example="The `cp314` wheel requires nothing, and the `cp314t` wheel requires `ftonly`, which is GIL-only.",
        remedy="Check whether the requirements of the free-threaded wheel are what its authors intended.",
    ),
    _warning(
        "NGC114", "excluded-by-intent",
        meaning="Its Requires-Python or classifiers admit this Python, but were probably meant to exclude it.",
        says="its {0}: probably not meant for Python {1}, although installers take it there",
        detail="`!=3.15` and `>3.15` are about 3.15.0 alone (PEP 440), so installers take the distribution on "
        "3.15.2, although its authors mean all of 3.15. For the project itself, classifiers that list Pythons and "
        "end before this one are a warning too; for its dependencies they are a note.",
        example="apache-airflow 3.3 has `Requires-Python: >=3.10,!=3.15`, and installs on 3.15.2.",
        remedy="Ask its authors whether they support this Python, and test with it before you rely on it.",
    ),
    _warning(
        "NGC115", KNOWN_PROBLEM,
        meaning="The chosen version has a known problem on free-threaded builds.",
        says="{all}",
        detail="The evidence ledger has a problem whose version range includes the chosen version: a crash, a data "
        "race, a wheel that turns the GIL on. It is told for what installs on a free-threaded build; it changes no "
        "verdict, and fails a run with `--fail-on known-problem` (or `warning`) only.",
        example="greenlet 3.5.1 crashes on 3.14t when the garbage collector meets a suspended greenlet.",
        remedy="Follow the source that `nogilcheck why` names; use a release outside the range. If the problem does "
        "not concern you, record that with a waiver.",
    ),
)  # fmt: skip
