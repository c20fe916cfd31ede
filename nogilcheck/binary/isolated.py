"""Analysis that cannot hang or crash its caller: each module in a worker process, with limits."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Self, TypeVar

from nogilcheck.binary.protocol import ProtocolError, receive, send
from nogilcheck.model.declaration import Declaration, Declared, Fact, FactCode

T = TypeVar("T")

SECONDS: Final = 60.0
"""The time limit for one module; the slowest of some two thousand real ones took 20."""
COMMAND: Final = ("-m", "nogilcheck.binary.worker")
"""The arguments of the interpreter in the worker process."""
END_SECONDS: Final = 5.0
"""How long to wait for a worker process to exit."""


class Isolated:
    """One worker process, started when it is first needed, and restarted after it was stopped.

    It serves one thread at a time, so use one for each thread. A context manager; `close` ends the process.
    """

    def __init__(self, *, seconds: float = SECONDS, command: Sequence[str] = ()) -> None:
        """``command``: the arguments of the interpreter; `COMMAND`, if there are none."""
        self._seconds = seconds
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def declaration_of(self, data: bytes, filename: str, python: str, *, seconds: float | None = None) -> Declaration:
        """Like `nogilcheck.binary.declaration_of`, with a time limit; unknown when the worker did not finish."""
        return self._ask({"filename": filename, "python": python}, data, ("",), seconds)[""]

    def continuations_of(
        self, data: bytes, python: str, functions: Mapping[str, str], *, seconds: float | None = None
    ) -> dict[str, Declaration]:
        """Like `nogilcheck.binary.continuations_of`, with the same time limit."""
        return self._ask({"python": python, "functions": dict(functions)}, data, functions, seconds)

    def _ask(
        self, header: Mapping[str, object], data: bytes, names: Collection[str], seconds: float | None
    ) -> dict[str, Declaration]:
        def parse(answers: Mapping[str, Any]) -> dict[str, Declaration]:
            return {name: Declaration.from_json(answers[name]) for name in names}

        found = self.ask(header, data, parse, seconds=seconds)
        if not isinstance(found, str):
            return found
        fact = Fact(code=FactCode.FAILED, detail=(found,))
        return dict.fromkeys(names, Declaration(declared=Declared.UNKNOWN, evidence=(fact,)))

    def ask(
        self,
        header: Mapping[str, object],
        data: bytes,
        parse: Callable[[Mapping[str, Any]], T],
        *,
        seconds: float | None = None,
    ) -> T | str:
        """What the worker answers, parsed, or why there is no answer. ``parse`` may raise what says that it is none."""
        with self._lock:
            process = self._started()
            late = threading.Event()
            watch = threading.Timer(self._seconds if seconds is None else seconds, _stop, (process, late))
            watch.daemon = True
            watch.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                send(process.stdin, header, data)
                answers, _ = receive(process.stdout, longest=0)
                return parse(answers)
            except (ProtocolError, OSError, KeyError, TypeError, ValueError):
                self._end()
                return "took too long" if late.is_set() else "the process that read it ended"
            except BaseException:
                # An interrupt leaves half a message behind.
                self._end()
                raise
            finally:
                watch.cancel()

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(  # noqa: S603  this interpreter, arguments as a list
                # -P: the working directory may be anybody's.
                [sys.executable, "-P", *(self._command or COMMAND)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in filter(None, (process.stdin, process.stdout)):
            with suppress(OSError):
                stream.close()
        with suppress(subprocess.TimeoutExpired):
            process.wait(END_SECONDS)


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()
