"""Analysis in a process of its own: ``python -m nogilcheck.binary.worker``, at the other end of a pipe.

Untrusted bytes can make a reader use up time and memory, or crash its process (LIEF and capstone are native code). Here
that costs one answer.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import IO, Any, Final

from nogilcheck.binary.analysis import MAX_SIZE, continuations_of, declaration_of
from nogilcheck.binary.protocol import ProtocolError, receive, send

Answer = Callable[[Mapping[str, Any], bytes], Mapping[str, Any]]
"""A question's header and body -> the header of the answer."""

MEMORY: Final = 4 << 30
"""Bytes of address space, where the system can limit it; the largest modules have some hundred megabytes, and what is
read of them takes several times that."""


def answer(header: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    """What the bytes of a module declare, or what functions of a library do."""
    python = str(header.get("python", ""))
    functions = header.get("functions")
    if isinstance(functions, dict):
        found = continuations_of(data, python, {str(name): str(each) for name, each in functions.items()})
    else:
        found = {"": declaration_of(data, str(header.get("filename", "")), python)}
    return {name: each.as_json() for name, each in found.items()}


def serve(questions: IO[bytes], answers: IO[bytes], answering: Answer = answer) -> None:
    """Answer one question after the other, until there are no more."""
    while True:
        try:
            header, data = receive(questions, longest=MAX_SIZE)
        except (ProtocolError, OSError):
            return
        found = answering(header, data)
        del data
        send(answers, found)


def limit_memory(size: int = MEMORY) -> None:
    """Take at most so much address space from now on, where the system has such a limit (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CORE):
        wanted = size if kind == resource.RLIMIT_AS else 0
        _, hard = resource.getrlimit(kind)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        try:
            resource.setrlimit(kind, (most, hard))
        except (OSError, ValueError):
            # macOS refuses limits on address space.
            continue


def main(answering: Answer = answer) -> None:
    """Serve the owner of this process. Whatever native code prints goes nowhere."""
    limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer, answering)


if __name__ == "__main__":
    main()
