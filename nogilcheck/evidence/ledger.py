"""Ledgers: TOML with a table for each project -> facts, or what is wrong with them and on which line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final, NoReturn

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import InvalidName, canonicalize_name
from packaging.version import InvalidVersion, Version

from nogilcheck.errors import InputError, did_you_mean
from nogilcheck.model.evidence import STANCES, EvidenceFact, EvidenceKind

Ledger = Mapping[str, tuple[EvidenceFact, ...]]
"""Facts by normalized name (PEP 503)."""

Where = Callable[..., str]
"""``file:line`` of a path of keys."""

_HEADER: Final = re.compile(r"^\[([a-z0-9-]+)\]$", re.MULTILINE)

_SEVERAL: Final = frozenset({EvidenceKind.KNOWN, EvidenceKind.ALTERNATIVE})
"""Kinds of which a project may have several facts: arrays of tables."""

_WORDS: Final[Mapping[EvidenceKind, tuple[str, ...]]] = {
    EvidenceKind.TESTED: ("tests", "wheels"),
    EvidenceKind.STANCE: STANCES,
}
"""What `EvidenceFact.word` may be, where not everything."""

_WITH_WORD: Final = {*_WORDS, EvidenceKind.WHEELS, EvidenceKind.ALTERNATIVE}
_WITH_TEXT: Final = {EvidenceKind.STANCE, EvidenceKind.KNOWN, EvidenceKind.ALTERNATIVE, EvidenceKind.FALLBACK}
_KEYS: Final = ("word", "text", "source", "date", "versions", "fixed")


def part_of(text: str, names: frozenset[str]) -> str:
    """The tables of these projects: a check needs a few of many, and TOML takes its time to parse.

    Only for text in which every table has one name in lower case and begins a line, as in the package's own ledger.
    """
    heads = [*_HEADER.finditer(text)]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return "".join(text[head.start() : end] for head, end in zip(heads, ends, strict=True) if head[1] in names)


def read_ledger(data: Mapping[str, Any], where: Where) -> Ledger:
    """The facts of a parsed document. Raises `InputError`, with the place, for the first that is not in order."""
    ledger: dict[str, tuple[EvidenceFact, ...]] = {}
    for name, table in data.items():
        try:
            normal = str(canonicalize_name(name, validate=True))
        except InvalidName:
            _refuse(f"{name!r} is not the name of a project", where(name))
        if normal in ledger:
            _refuse(f"{name}: a second table for this project", where(name))
        if not isinstance(table, dict) or not table:
            _refuse(f"{name}: expected a table with facts", where(name))
        ledger[normal] = tuple(_facts(name, table, where))
    return ledger


def merged(first: Ledger, second: Ledger) -> Ledger:
    """Both, by project: a kind of fact that ``second`` has of a project replaces those of ``first``."""
    both = dict(first)
    for name, facts in second.items():
        kinds = {fact.kind for fact in facts}
        both[name] = (*(fact for fact in both.get(name, ()) if fact.kind not in kinds), *facts)
    return both


def _facts(name: str, table: Mapping[str, Any], where: Where) -> Iterator[EvidenceFact]:
    for key, value in table.items():
        if key not in set(EvidenceKind):
            hint = did_you_mean(key, list(EvidenceKind)) or f"one of {', '.join(EvidenceKind)}"
            _refuse(f"{name}: unknown kind of fact {key!r}", where(name, key), hint)
        kind = EvidenceKind(key)
        items = value if kind in _SEVERAL else [value]
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            expected = "an array of tables" if kind in _SEVERAL else "a table"
            _refuse(f"{name}: {key}: expected {expected}", where(name, key))
        for number, item in enumerate(items):
            place = where(name, key, number) if kind in _SEVERAL else where(name, key)
            yield _fact(kind, item, f"{name}: {key}", place)


def _fact(kind: EvidenceKind, item: Mapping[str, Any], about: str, place: str) -> EvidenceFact:
    needed = {"source", "date", *(["word"] if kind in _WITH_WORD else []), *(["text"] if kind in _WITH_TEXT else [])}
    if kind is EvidenceKind.KNOWN:
        needed.add("versions")
    for key in item:
        if key not in _KEYS or (key in {"versions", "fixed"} and kind is not EvidenceKind.KNOWN):
            _refuse(f"{about}: unknown key {key!r}", place, did_you_mean(key, _KEYS) or f"one of {', '.join(_KEYS)}")
    for key in sorted(needed - item.keys()):
        _refuse(f"{about}: {key} is missing", place, f"write {key} = ...")
    said = {key: value.isoformat() if isinstance(value, date) else value for key, value in item.items()}
    for key, value in said.items():
        if not isinstance(value, str) or (not value and key != "versions"):
            _refuse(f"{about}: {key}: expected a string that is not empty", place)
    _check(kind, said, about, place)
    return EvidenceFact(kind=kind, **{**said, "date": date.fromisoformat(said["date"]).isoformat()})


def _check(kind: EvidenceKind, said: Mapping[str, str], about: str, place: str) -> None:
    """Refuse values that do not mean anything."""
    try:
        date.fromisoformat(said["date"])
    except ValueError:
        _refuse(f"{about}: date: {said['date']!r} is not a date", place, "write date = 2026-11-30")
    if not said["source"].startswith(("https://", "http://")):
        _refuse(f"{about}: source: {said['source']!r} is not a URL", place, "name the page that says so")
    if kind in _WORDS and said["word"] not in _WORDS[kind]:
        _refuse(f"{about}: word: {said['word']!r} is none of {', '.join(_WORDS[kind])}", place)
    try:
        affected = SpecifierSet(said.get("versions", ""))
    except InvalidSpecifier:
        _refuse(f"{about}: versions: {said['versions']!r} is not a version specifier", place, 'such as "<3.4"')
    if "fixed" not in said:
        return
    try:
        Version(said["fixed"])
    except InvalidVersion:
        _refuse(f"{about}: fixed: {said['fixed']!r} is not a version", place)
    if affected.contains(said["fixed"], prereleases=True):
        _refuse(f"{about}: fixed: {said['fixed']} is one of the versions that have the problem", place)


def _refuse(message: str, where: str, hint: str | None = None) -> NoReturn:
    raise InputError(message, where=where, hint=hint)
