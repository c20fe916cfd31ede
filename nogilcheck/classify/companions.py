"""Checks of one artifact in the light of what its modules declare: tags, suffixes, contents, classifiers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from nogilcheck.classify.extensions import find_extensions, suffixes
from nogilcheck.classify.scanned import BRINGS_BACK
from nogilcheck.classify.wheels import is_odd, tag_kind, tag_kinds
from nogilcheck.model.declaration import ABI_FREE_THREADED, ABI_GIL, ABI_STABLE, Declared, FactCode
from nogilcheck.model.inspection import Artifact, Inspected, InspectionFinding
from nogilcheck.model.rules.table import BY_NAME
from nogilcheck.model.target import expand_tags
from nogilcheck.model.verdict import WheelKind

NEWEST_MINOR = 15
"""Of the interpreter that stands for all that a stable ABI is for."""

_RESTS_ON_DEFINITION = frozenset({"PyModuleDef_Init", "PyModule_Create2"})
"""What rests on a ``PyModuleDef``, whose layout no stable ABI for free-threaded builds tells (PEP 803). A module with
both hooks may have it for the one that older interpreters call."""

_PLATFORM = re.compile(
    r"(?P<linux>manylinux|linux|musllinux)(?:\d+|_\d+_\d+)?_(?P<machine>x86_64|aarch64|i686|armv7l|ppc64le|s390x|riscv64)"
    r"|macosx_\d+_\d+_(?P<mac>\w+)|win_(?P<windows>amd64|arm64)|(?P<win32>win32)"
)


def check(artifact: Artifact, subject: Inspected) -> tuple[InspectionFinding, ...]:
    """Every finding; blockers first."""
    findings = [*_undeclared(subject)]
    if subject.tags:
        findings += [
            *_impossible_tags(subject),
            *_tags_differ(subject, artifact.wheel_tags),
            *_none_tag(subject),
            *_stable_abi(subject),
            *_suffixes(subject, artifact.members),
        ]
    return (*findings, *_unknown(subject), *_classifier(subject))


def _finding(name: str, text: str, modules: Iterable[str] = ()) -> InspectionFinding:
    rule = BY_NAME[name]
    return InspectionFinding(rule=rule.code, name=rule.name, severity=rule.severity, text=text, modules=tuple(modules))


def abi_of_tags(tags: str) -> str:
    """The ABI for which a wheel's modules are judged: a free-threaded one where there is one.

    ``cp315t`` for wheels that name no ABI: nothing else tells what they are for.
    """
    abis = {abi: tag_kind(python, abi, platform) for python, abi, platform in expand_tags(tags)}
    for kind in (WheelKind.FREE_THREADED, WheelKind.ABI3T, WheelKind.GIL, WheelKind.ABI3):
        if found := sorted(abi for abi, its in abis.items() if its is kind):
            return found[-1]
    return f"cp3{NEWEST_MINOR}t"


def _undeclared(subject: Inspected) -> Iterator[InspectionFinding]:
    if not subject.free_threaded:
        return
    found = [
        module for module in subject.modules if module.abi.endswith("t") and module.declaration.declared in BRINGS_BACK
    ]
    real, tests = ([each.path for each in found if each.for_tests is for_tests] for for_tests in (False, True))
    if real:
        text = "importing these turns the GIL on for the whole process"
        yield _finding("undeclared", text, real)
    if tests:
        text = "its tests turn the GIL on by importing these"
        yield _finding("undeclared-in-tests", text, tests)


def _unknown(subject: Inspected) -> Iterator[InspectionFinding]:
    if not subject.free_threaded:
        return
    for module in subject.modules:
        said = module.declaration
        if module.declaration.declared is not Declared.UNKNOWN or module.for_tests or not module.abi.endswith("t"):
            continue
        if said.delegate:
            text = f"{said.delegate} makes it and declares on its behalf: inspect an environment that has both"
        elif said.missing_extra:
            text = f"reading its declaration needs the extra `{said.missing_extra}` of nogilcheck"
        elif decider := next((fact.detail for fact in said.evidence if fact.code is FactCode.DECIDED_BY), None):
            text = f"what it declares depends on what {decider[0]}, a function of another library, returns at import"
        else:
            text = "what it declares is unknown"
        yield _finding("declaration-unknown", text, (module.path,))


def _impossible_tags(subject: Inspected) -> Iterator[InspectionFinding]:
    if tag_kinds(subject.tags) != {WheelKind.FOREIGN}:
        return
    for python, abi, platform in expand_tags(subject.tags):
        if not is_odd(python, abi, platform):
            continue
        if abi == "abi3t" and python.endswith("t"):
            text = (
                f"no interpreter accepts {python}-{abi}: the t belongs to the ABI alone, so tag it {python[:-1]}-{abi}"
            )
        else:
            text = f"no interpreter accepts {python}-{abi}-{platform}"
        yield _finding("impossible-tag", text)
        return


def _tags_differ(subject: Inspected, wheel_tags: Sequence[str]) -> Iterator[InspectionFinding]:
    named = {"-".join(tag) for tag in expand_tags(subject.tags)}
    stated = {"-".join(tag) for line in wheel_tags for tag in expand_tags(line)}
    if named != stated:
        text = f"the file name says {subject.tags}, but its WHEEL file says {', '.join(wheel_tags) or 'nothing'}"
        yield _finding("tags-differ", text)


def _none_tag(subject: Inspected) -> Iterator[InspectionFinding]:
    if any(abi != "none" for _, abi, _ in expand_tags(subject.tags)):
        return
    found = tuple(module.path for module in subject.modules if module.declaration.hooks)
    if found:
        text = f"it is tagged {subject.tags}, for every ABI, but holds extension modules, which are for one ABI"
        yield _finding("none-tag", text, found)


def _stable_abi(subject: Inspected) -> Iterator[InspectionFinding]:
    """Of ``abi3t`` (PEP 803): hooks that return slots, nothing that needs a ``PyModuleDef``, and the flags to match."""
    tags = list(expand_tags(subject.tags))
    abis = {abi for _, abi, _ in tags}
    if "abi3t" not in abis:
        return
    pythons = {python.removeprefix("cp3") for python, _, _ in tags}
    oldest = min((int(minor) for minor in pythons if minor.isdecimal()), default=NEWEST_MINOR)
    wanted = ABI_STABLE | ABI_FREE_THREADED | (ABI_GIL if "abi3" in abis else 0)
    for module in subject.modules:
        said = module.declaration
        if not said.hooks or said.delegate:
            continue
        used = sorted(_RESTS_ON_DEFINITION.intersection(said.symbols)) if len(said.hooks) == 1 else ()
        if not any(hook.startswith("PyModExport") for hook in said.hooks):
            text = f"it exports {said.hooks[0]} only, which needs a PyModuleDef; abi3t needs PyModExport_"
        elif used:
            text = f"it uses {', '.join(used)}, which abi3t does not have"
        elif lacking := _lacking(said.symbols, oldest):
            text = f"it uses {', '.join(lacking)}, which the stable ABI of Python 3.{oldest} does not have"
        elif said.abi_flags is not None and said.abi_flags & wanted != wanted:
            text = f"its Py_mod_abi slot says {_flags(said.abi_flags)}, but the tags say {_flags(wanted)}"
        else:
            continue
        yield _finding("abi3t-contents", text, (module.path,))


@cache
def _added() -> dict[str, int]:
    """The minor version of Python 3 since which the stable ABI has a symbol."""
    from abi3info import DATAS, FUNCTIONS  # which takes its time

    return {symbol.name: item.added.minor for table in (FUNCTIONS, DATAS) for symbol, item in table.items()}


def _lacking(symbols: Iterable[str], minor: int) -> list[str]:
    """Those that the stable ABI of a minor version of Python 3 does not have; none of a version that is not known."""
    added = _added()
    known = minor <= max(added.values())
    return [symbol for symbol in symbols if known and added.get(symbol, minor + 1) > minor]


def _flags(flags: int) -> str:
    names = {ABI_STABLE: "stable", ABI_GIL: "GIL", ABI_FREE_THREADED: "free-threaded"}
    return "+".join(name for flag, name in names.items() if flags & flag) or "nothing"


def _suffixes(subject: Inspected, members: Sequence[str]) -> Iterator[InspectionFinding]:
    """Modules that none of the interpreters of the tags looks for, or not all those of a stable ABI."""
    looked_for = list(_looked_for(subject.tags))
    if not looked_for:
        return
    found = [find_extensions(members, each) for each in looked_for]
    loadable = {path for each in found for path in each.loadable}
    lost = sorted({path for each in found for path in each.unloadable} - loadable)
    if lost:
        text = f"no interpreter that installs {subject.tags} looks for files with these suffixes"
        yield _finding("unloadable-suffix", text, lost)


def _looked_for(tags: str) -> Iterator[tuple[str, ...]]:
    """The suffixes that each interpreter of the tags looks for; of a stable ABI those that all its versions do."""
    for python, abi, platform in expand_tags(tags):
        kind, digits = tag_kind(python, abi, platform), python.removeprefix("cp3")
        for family in _families(platform):
            if kind in {WheelKind.FREE_THREADED, WheelKind.GIL}:
                yield suffixes((3, int(digits)), family, free_threaded=kind is WheelKind.FREE_THREADED)
            elif kind in {WheelKind.ABI3T, WheelKind.ABI3}:
                yield suffixes((3, NEWEST_MINOR), family, free_threaded=kind is WheelKind.ABI3T)[1:]


def _families(platform: str) -> Sequence[str]:
    match = _PLATFORM.fullmatch(platform)
    if match is None:
        return ()
    if match["mac"]:
        return ("macos-arm64",)  # the suffix does not name the machine
    if match["windows"] or match["win32"]:
        return (f"windows-{match['windows'] or 'x86'}",)
    return (f"{'musllinux' if match['linux'] == 'musllinux' else 'linux'}-{match['machine']}",)


def _classifier(subject: Inspected) -> Iterator[InspectionFinding]:
    """What the classifiers claim, against what is there."""
    kept_off = all(module.declaration.declared not in BRINGS_BACK or module.for_tests for module in subject.modules)
    native = [module for module in subject.modules if module.declaration.hooks]
    if subject.claims and subject.free_threaded and native and not kept_off:
        level = subject.claims[0]
        if level[:1] not in {"", "1"}:
            text = f"its classifier claims Free Threading :: {level}, but importing it turns the GIL on"
            yield _finding("classifier", text)
    elif subject.claims is None and subject.free_threaded and subject.tags and native and kept_off:
        text = "it supports free-threaded builds, but has no classifier (Free Threading :: ...) to say how well"
        yield _finding("classifier", text)


def check_together(subjects: Iterable[Inspected]) -> InspectionFinding | None:
    """The finding about the wheels of one release together: they claim what none of them ships."""
    wheels = [subject for subject in subjects if subject.tags]
    claims = next((subject.claims for subject in wheels if subject.claims), None)
    compiled = [
        subject for subject in wheels if not tag_kinds(subject.tags).isdisjoint({WheelKind.GIL, WheelKind.ABI3})
    ]
    usable = any(
        subject.free_threaded or tag_kinds(subject.tags) & {WheelKind.PURE, WheelKind.NO_ABI} for subject in wheels
    )
    if claims is None or not compiled or usable or claims[0][:1] == "1":
        return None
    level = f" :: {claims[0]}" if claims[0] else ""
    text = f"its classifier claims Free Threading{level}, but none of the wheels inspected is for a free-threaded build"
    return _finding("classifier", text)
