"""Requirements files, with everything that they include, as pip 26.3 reads them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from nogilcheck.inputs.file_content.content import Content
from nogilcheck.inputs.requirements.decoding import LOCALE_VARIABLES, decode
from nogilcheck.inputs.requirements.gathered_options import SettingsBuilder
from nogilcheck.inputs.requirements.options import LineOptions, parse_options
from nogilcheck.inputs.specifiers.requirement import (
    ParsedRequirement,
    RejectedError,
    parse_editable,
    parse_requirement,
    with_hash,
)
from nogilcheck.inputs.text.logical_lines import MAX_LINE_LENGTH, LogicalLine, logical_lines, split_options
from nogilcheck.inputs.text.paths import absolute
from nogilcheck.inputs.text.quoting import abbreviate, hide
from nogilcheck.inputs.text.sources import Source, SourceReader, UnreadableSourceError
from nogilcheck.model.credentials.secrets import learn_values
from nogilcheck.model.source import IndexSettings, Location, Root, Unread
from nogilcheck.model.urls import redact

_HTTP = re.compile(r"https?:", re.IGNORECASE)

MAX_DEPTH = 32
"""Files that include one another in a chain."""

MAX_INCLUDES = 500
"""Files read in a run; one that is included twice counts twice."""

MAX_LINES = 100_000
"""Logical lines read in a run."""


_PYLOCK = re.compile(r"(?:^|[/\\])pylock(?:\.[^./\\]+)?\.toml(?:\[[^\]]*\])?$")
"""The end of a path to a pylock.toml (PEP 751), with extras as pip takes them."""


class RequirementsReader:
    """Reads requirements files one after another, as pip reads ``-r a -r b``: each to its content, and the options."""

    def __init__(self, flags: IndexSettings, fetch: Callable[[str], bytes] | None) -> None:
        self.settings = SettingsBuilder(flags)
        """What the options of all files say."""
        self.sources = SourceReader(fetch)
        self.evidence = self.sources.evidence
        self._files = 0
        self._lines = 0
        self._values: dict[str, str] = {}
        self._begin()

    def _begin(self) -> None:
        self._roots: list[Root] = []
        self._constraints: list[Root] = []
        self._unread: list[Unread] = []
        self._notes: list[str] = []

    def read(self, source: Source, data: bytes | None = None, *, constraint: bool = False) -> Content:
        """One file that the user named, with those that it includes. Never raises.

        ``data`` is its content when it does not come from a file.
        """
        if data is not None:
            self.evidence.cannot_replay()
        self._begin()
        self._read(source, (source.key,), Location(path=source.shown), constraint=constraint, data=data)
        return Content(
            roots=tuple(self._roots),
            constraints=tuple(self._constraints),
            unread=tuple(self._unread),
            notes=tuple(self._notes),
        )

    def _reject(self, location: Location, message: str, hint: str | None = None) -> None:
        """Something that could not be understood. Neither text may hold a credential."""
        self._unread.append(Unread(location=location, text=message, hint=hint))

    def _read(
        self, source: Source, stack: tuple[str, ...], asked: Location, *, constraint: bool, data: bytes | None = None
    ) -> None:
        """``asked`` is where the file was asked for: a file that cannot be opened is reported there."""
        self._files += 1
        try:
            content = self.sources.read(source) if data is None else self.sources.bounded(data)
        except UnreadableSourceError as error:
            prefix = "" if asked.line is None else f"{abbreviate(source.shown)}: "
            message = prefix + error.message
            self._reject(asked, hide(message, self._values) if source.remote else message, error.hint)
            return
        try:
            text, encoding = decode(content)
        except UnreadableSourceError as error:
            self._unread.append(error.unread(source.shown))
            return
        if encoding:
            for name in LOCALE_VARIABLES:
                self.evidence.variable(name)
            self._notes.append(f"{source.shown}: not UTF-8; read as {encoding}, the locale's encoding")
        for line in logical_lines(text, self.evidence.variable):
            self._lines += 1
            where = Location(path=source.shown, line=line.number)
            if self._lines > MAX_LINES:
                if self._lines == MAX_LINES + 1:
                    self._reject(where, f"more than {MAX_LINES} lines in all; the rest is not read")
                return
            self._values.update(line.values)
            learn_values(line.text, line.values)
            if source.remote and line.values:
                names = ", ".join(line.values)
                self._notes.append(f"{where}: the remote file uses {names} of the environment, as pip lets it")
            self._line(line, where, source, stack, constraint=constraint)

    def _line(
        self, line: LogicalLine, where: Location, source: Source, stack: tuple[str, ...], *, constraint: bool
    ) -> None:
        if line.oversized:
            self._reject(where, f"a line of more than {MAX_LINE_LENGTH} characters")
            return
        requirement, option_text = split_options(line.text)
        try:
            options = parse_options(option_text)
        except RejectedError as error:
            self._reject(where, line.shown(error.message), error.hint)
            return
        self.settings.control(options, where)
        if options.leftovers:
            self._ignored(line, where, " ".join(options.leftovers))
        if requirement or options.editables:
            self._requirement(line, where, source, requirement, options, constraint=constraint)
        elif options.requirements or options.constraints:
            self._include(line, where, source, stack, options)
        else:
            self._options(line, where, source, options)

    def _requirement(
        self,
        line: LogicalLine,
        where: Location,
        source: Source,
        requirement: str,
        options: LineOptions,
        *,
        constraint: bool,
    ) -> None:
        # pip takes any line with -e for an editable, and what comes before the options for its target.
        editable = bool(options.editables)
        text = requirement or options.editables[0]
        ignored = [name for name in options.names if name != "-e"]
        if len(options.editables) > (not requirement):
            ignored.append("every -e after the first")
        if editable and options.hashes:
            ignored.append("--hash")
        if ignored:
            self._ignored(line, where, f"{', '.join(ignored)} beside a requirement")
        try:
            parsed = parse_editable(text) if editable else parse_requirement(text)
        except RejectedError as error:
            if not source.remote:
                self._looked_at(error.local)
            message = f"{error.message}: {'-e ' if editable else ''}{text}"
            self._reject(where, line.shown(message), line.shown(error.hint) if error.hint else None)
            return
        if source.remote and (parsed.local is not None or (parsed.url or "").startswith("file:")):
            self._reject(where, line.shown(f"a remote file cannot name a local path: {text}"))
            return
        written = f"-e {line.hidden(text)}" if editable else split_options(line.written)[0]
        hashes = () if editable else options.hashes
        if hashes:
            self.settings.has_hashes = True
            if parsed.url and len(hashes) > 1:
                self._reject(where, "several hashes for one archive", "Name the one hash that the archive has.")
                return
            parsed = with_hash(parsed, hashes[0])
        self._looked_at(parsed.local)
        if constraint and (problem := _constraint_problem(parsed, editable=editable)):
            self._reject(where, problem, "Move it to a requirements file.")
            return
        root = parsed.root(redact(written or line.hidden(text)).strip(), where)
        root = replace(root, editable=editable, hashes=hashes, binding=source.remote)
        (self._constraints if constraint else self._roots).append(root)

    def _looked_at(self, path: str | None) -> None:
        """A requirement named a local path."""
        if path is not None:
            self.evidence.installable(path)

    def _include(
        self, line: LogicalLine, where: Location, source: Source, stack: tuple[str, ...], options: LineOptions
    ) -> None:
        # pip follows one include a line, -r before -c, and forgets that it came from a constraints file.
        constraint = not options.requirements
        used = "-c" if constraint else "-r"
        written = (options.requirements or options.constraints)[0]
        ignored = [name for name in options.names if name != used]
        if len(options.requirements or options.constraints) > 1:
            ignored.append(f"every {used} after the first")
        if ignored:
            self._ignored(line, where, f"{', '.join(ignored)} beside {used}")
        if _PYLOCK.search(written):
            text = "pip reads a pylock.toml behind -r on the command line only, and takes this one for requirements"
            self._reject(where, line.shown(text), "Name it on the command line as well.")
            return
        try:
            included = source.include(written)
        except UnreadableSourceError as error:
            self._reject(where, line.shown(error.message), error.hint)
            return
        if included.remote:
            # A token may be anywhere in a URL.
            included = replace(included, shown=hide(included.shown, self._values))
        if included.key in stack:
            self._reject(where, line.shown(f"{included.shown} includes itself"), "Remove one of the includes.")
        elif len(stack) >= MAX_DEPTH:
            self._reject(where, f"files include one another more than {MAX_DEPTH} deep; this one is not read")
        elif self._files >= MAX_INCLUDES:
            self._reject(where, f"more than {MAX_INCLUDES} files are included; this one is not read")
        else:
            self._read(included, (*stack, included.key), where, constraint=constraint)

    def _options(self, line: LogicalLine, where: Location, source: Source, options: LineOptions) -> None:
        if options.hashes:
            self._ignored(line, where, "--hash without a requirement")
        if len(options.find_links) > 1:
            self._ignored(line, where, "every --find-links after the first of a line")
        if options.prefer_binary:
            text = "--prefer-binary is not followed: the newest version is looked at first"
            self._unread.append(Unread(location=where, text=text, setting="choice"))
        if options.trusted_hosts:
            hosts = line.shown(", ".join(options.trusted_hosts))
            self._notes.append(f"{where}: --trusted-host is not followed; certificates of {hosts} are verified")
        places = (*options.find_links, *options.extra_index_urls, options.index_url or "")
        if source.remote and (local := [place for place in places if place and not _HTTP.match(place)]):
            self._reject(where, line.shown(f"a remote file cannot name a local path: {', '.join(local)}"))
            return
        for location in options.find_links[:1]:
            # Whether it exists beside the file decides what it means.
            self.evidence.find_links(absolute(location, source.directory))
        try:
            self.settings.apply(options, source.directory)
        except RejectedError as error:
            self._reject(where, error.message)
        except ValueError as error:
            self._reject(where, line.shown(f"{error}: {line.text}"))

    def _ignored(self, line: LogicalLine, where: Location, what: str) -> None:
        self._notes.append(f"{where}: {line.shown(what)}: ignored, as pip does")


def _constraint_problem(parsed: ParsedRequirement, *, editable: bool) -> str | None:
    if editable:
        return "a constraint cannot be editable"
    if parsed.name is None:
        return "a constraint needs a name"
    if parsed.extras:
        return "a constraint cannot have extras"
    return None
