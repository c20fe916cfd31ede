"""The options that pip 26.3 accepts in a requirements file."""

from __future__ import annotations

import functools
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from nogilcheck.frozen import frozen
from nogilcheck.inputs.specifiers.requirement import RejectedError

if TYPE_CHECKING:
    from optparse import Option, OptionParser

STRONG_HASHES = ("sha256", "sha384", "sha512")
"""What ``--hash`` may name."""

_HASH = "--hash="

_GONE = {
    "--global-option": "pip no longer accepts it; use --config-settings, or delete it.",
    "--install-option": "pip no longer accepts it; delete it.",
    "--build-option": "pip no longer accepts it; delete it.",
    "--process-dependency-links": "pip no longer accepts it; write the link as `name @ URL`.",
    "--use-wheel": "pip no longer accepts it; delete it.",
    "--no-use-wheel": "pip no longer accepts it; use --no-binary :all:.",
    "--allow-external": "pip no longer accepts it; delete it.",
    "--allow-all-external": "pip no longer accepts it; delete it.",
    "--allow-unverified": "pip no longer accepts it; delete it.",
}

_RUN_OPTIONS = {
    "requirements": ("append", "-r", "--requirement"),
    "constraints": ("append", "-c", "--constraint"),
    "editables": ("append", "-e", "--editable"),
    "index_url": ("store", "--index-url", "-i", "--pypi-url"),
    "extra_index_urls": ("append", "--extra-index-url"),
    "no_index": ("store_true", "--no-index"),
    "find_links": ("append", "--find-links", "-f"),
    "prefer_binary": ("store_true", "--prefer-binary"),
    "require_hashes": ("store_true", "--require-hashes"),
    "no_require_hashes": ("store_true", "--no-require-hashes"),
    "pre": ("store_true", "--pre"),
    "trusted_hosts": ("append", "--trusted-host"),
    "features": ("append", "--use-feature"),
}
"""Options of the whole run: the field of `LineOptions` -> what optparse does, the name for messages, other names."""

_UNQUOTED = re.compile(r"[^'\"\\]*")
_WORD = re.compile(r"[^ \t\r\n]+")
"""What `shlex` splits at; it is a hundred times slower, and pages of hashes need no quoting rules."""


@frozen
class LineOptions:
    """The options of one line. Where pip looks at the first of several only, all are here."""

    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    editables: tuple[str, ...] = ()
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    no_index: bool = False
    find_links: tuple[str, ...] = ()
    controls: tuple[tuple[str, str], ...] = ()
    """``only-binary``, ``no-binary``, ``all-releases`` and ``only-final`` with their values, in order."""
    prefer_binary: bool = False
    require_hashes: bool = False
    no_require_hashes: bool = False
    pre: bool = False
    trusted_hosts: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    """``algorithm:digest``."""
    config_settings: bool = False
    leftovers: tuple[str, ...] = ()
    """Words that belong to no option; pip drops them without a word."""

    @property
    def names(self) -> tuple[str, ...]:
        """The options of the whole run (not of a requirement) that were given, for messages."""
        return tuple(flags[0] for name, (_, *flags) in _RUN_OPTIONS.items() if getattr(self, name))


NO_OPTIONS = LineOptions()


def parse_options(text: str) -> LineOptions:
    """The options in ``text``, by pip's rules: optparse's, abbreviations and all.

    Raises `RejectedError`.
    """
    if not text:
        return NO_OPTIONS
    words = _words(text)
    if all(word.startswith(_HASH) for word in words):
        # Nearly every line of a file with hashes, and thousands of words: not worth an option parser.
        return LineOptions(hashes=tuple(_checked_hash("--hash", word.removeprefix(_HASH)) for word in words))
    from optparse import Values

    parser = _parser()
    values, leftovers = parser.parse_args(words, Values(dict(parser.defaults)))
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in vars(values).items()
        if value is not None
    }
    return LineOptions(**given, leftovers=tuple(leftovers))


def _words(text: str) -> list[str]:
    if _UNQUOTED.fullmatch(text):
        return _WORD.findall(text)
    try:
        return shlex.split(text)
    except ValueError as error:
        raise RejectedError(f"the options cannot be split into words: {error}") from error


@functools.cache
def _parser() -> OptionParser:
    from optparse import AmbiguousOptionError, BadOptionError, OptionParser

    class Parser(OptionParser):
        def error(self, msg: str) -> NoReturn:
            cause = sys.exception()  # optparse passes on only its text
            if isinstance(cause, AmbiguousOptionError):
                raise RejectedError(f"ambiguous option: {cause.opt_str} ({', '.join(cause.possibilities)}?)")
            if isinstance(cause, BadOptionError):
                name = cause.opt_str
                hint = _GONE.get(name, "pip accepts no such option in a requirements file.")
                raise RejectedError(f"no such option: {name}", hint=hint)
            raise RejectedError(msg)

    parser = Parser(add_help_option=False)
    add = parser.add_option
    for name, (action, *flags) in _RUN_OPTIONS.items():
        add(*flags, dest=name, action=action)
    for flag in ("--no-binary", "--only-binary", "--all-releases", "--only-final"):
        add(flag, dest="controls", action="callback", callback=_control, type="string")
    add("--hash", dest="hashes", action="callback", callback=_hash, type="string")
    add("-C", "--config-settings", dest="config_settings", action="callback", callback=_config, type="string")
    return parser


def _append(parser: OptionParser, dest: str, value: object) -> None:
    assert parser.values is not None
    parser.values.ensure_value(dest, []).append(value)


def _control(option: Option, opt: str, value: str, parser: OptionParser) -> None:
    if value.startswith("-"):
        raise RejectedError(f"{opt} needs a value")
    # An abbreviation arrives as the full name.
    _append(parser, str(option.dest), (opt.removeprefix("--"), value))


def _hash(option: Option, opt: str, value: str, parser: OptionParser) -> None:
    _append(parser, str(option.dest), _checked_hash(opt, value))


def _checked_hash(opt: str, value: str) -> str:
    algorithm, separator, _ = value.partition(":")
    if not separator:
        raise RejectedError(f"{opt} needs a value such as sha256:abcde...")
    if algorithm not in STRONG_HASHES:
        raise RejectedError(
            f"{opt} does not accept {algorithm}",
            hint=f"pip accepts {', '.join(STRONG_HASHES)}; write the file anew with one of them.",
        )
    return value


def _config(option: Option, opt: str, value: str, parser: OptionParser) -> None:
    if "=" not in value:
        raise RejectedError(f"{opt} needs a value such as KEY=VALUE")
    assert parser.values is not None
    setattr(parser.values, str(option.dest), True)
