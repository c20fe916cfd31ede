"""The settings that decide what counts -> `Policy`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nogilcheck.config.effective import EffectiveSettings
from nogilcheck.config.file_values import Problems, kind_of_value
from nogilcheck.config.waivers import IS_CODE, NAME, normalized, read_waiver, rule_code
from nogilcheck.errors import UsageError, invalid_value
from nogilcheck.model.options import DEFAULT_FAIL_WORDS
from nogilcheck.model.policy import FAIL_WORDS, NEVER, NEW, SEVERITY_WORDS, UNKNOWN, FailOn, Ignore, Policy, Waiver
from nogilcheck.model.rules.table import BY_CODE, BY_NAME

_SCOPES = ("direct", "transitive")
_FORMERLY = {"gap": UNKNOWN}


def read_policy(settings: EffectiveSettings, *, has_baseline: bool) -> Policy:
    """The policy without its baseline. Raises `UsageError`, with the place, for values that make no sense."""
    try:
        return _read_policy(settings, has_baseline=has_baseline)
    except UsageError as error:
        raise settings.with_place(error) from None


def _read_policy(settings: EffectiveSettings, *, has_baseline: bool) -> Policy:
    tables = settings.value("severity"), settings.value("waivers")
    severity: dict[str, str] = {}
    waivers: list[Waiver] = []
    if settings.file is not None:
        problems = Problems(settings.file)
        if isinstance(tables[0], dict):
            severity = dict(_severities(tables[0], problems))
        if isinstance(tables[1], list):
            read = (read_waiver(table, number, settings.file, problems) for number, table in enumerate(tables[1]))
            waivers = [waiver for waiver in read if waiver is not None]
        problems.raise_any()
    fail_on = parse_fail_on(_strings(settings.value("fail-on")))
    if not has_baseline and any(NEW in words for words in fail_on.both):
        hint = "write one with --write-baseline FILE"
        raise UsageError("--fail-on new needs a baseline", hint=hint, setting="fail-on")
    return Policy(
        fail_on=fail_on,
        severity=severity,
        ignores=tuple(map(parse_ignore, _split(_strings(settings.value("ignore"))))),
        waivers=tuple(waivers),
    )


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _split(values: Sequence[str]) -> Iterator[str]:
    return (word for value in values for part in value.split(",") if (word := part.strip()))


def parse_fail_on(values: Sequence[str]) -> FailOn:
    """The values of ``--fail-on``: words, each perhaps with ``direct:`` or ``transitive:`` before it.

    A scope with words of its own uses only those; otherwise the words without a scope apply, or else the default.
    Raises `UsageError`.
    """
    words: dict[str, set[str]] = {"": set(), **{scope: set() for scope in _SCOPES}}
    for text in _split(values):
        scope, colon, word = text.rpartition(":")
        word = _FORMERLY.get(word, word)
        if (colon and scope not in _SCOPES) or word not in FAIL_WORDS:
            scoped = [f"{scope}:{word}" for scope in _SCOPES for word in FAIL_WORDS]
            allowed = f"{', '.join(FAIL_WORDS)}; direct:WORD and transitive:WORD are for those dependencies only"
            raise invalid_value(text, "--fail-on", allowed, among=[*FAIL_WORDS, *scoped])
        words[scope].add(word)
    for scope, chosen in words.items():
        if NEVER in chosen and len(chosen) > 1:
            other = min(chosen - {NEVER})
            message = f"--fail-on {scope}{':' * bool(scope)}never contradicts {other}"
            raise UsageError(message, hint="leave one out", setting="fail-on")
    unscoped = frozenset(words[""]) or frozenset(DEFAULT_FAIL_WORDS)
    return FailOn(**{scope: frozenset(words[scope]) or unscoped for scope in _SCOPES})


def parse_ignore(text: str) -> Ignore:
    """A value of ``--ignore``: a project, a rule's code, or ``PROJECT:RULE``. Raises `UsageError`."""
    name, colon, rule = text.partition(":")
    if not colon and (IS_CODE.fullmatch(name)):
        name, rule = "", name
    code = rule_code(rule) if rule else None
    if not colon and name and (meant := rule_code(name)):
        allowed = f"{meant} for the rule, {text}:{meant} for a project of that name"
        raise invalid_value(
            text, "--ignore", allowed, because="the name of a rule stands for a project here", meant=meant
        )
    if (name and not NAME.fullmatch(name)) or not (name or rule) or (rule and code is None):
        allowed = "a project, the code of a rule (NGC006), or both (grpcio:NGC006)"
        rules = [f"{name}{colon}{known}" for known in (*BY_CODE, *BY_NAME)] if rule else []
        raise invalid_value(text, "--ignore", allowed, among=rules)
    return Ignore(distribution=normalized(name) if name else None, rule=code, text=text)


def _severities(table: Mapping[str, object], problems: Problems) -> Iterator[tuple[str, str]]:
    said: dict[str, str] = {}
    for rule, word in table.items():
        keys = ("severity", rule)
        code = rule_code(rule)
        if code is None:
            problems.unknown(rule, {**BY_CODE, **BY_NAME}, *keys, what="there is no such rule")
        if not isinstance(word, str):
            problems.add(f"severity of {rule}: expected a string, found {kind_of_value(word)}", *keys)
        elif word not in SEVERITY_WORDS:
            from nogilcheck.config.suggestions import SEVERITY_ALIASES

            near = SEVERITY_ALIASES.get(word.lower())
            hint = f"did you mean {near!r}?" if near else f"one of {', '.join(SEVERITY_WORDS)}"
            problems.add(f"there is no severity {word!r}", *keys, hint=hint)
        elif code in said:
            problems.add(f"severity of {rule}: {said[code]} is the same rule", *keys, hint="leave one out")
        elif code is not None:
            said[code] = rule
            yield code, word
