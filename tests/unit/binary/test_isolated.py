"""The worker process: same answers, and it costs one answer when it ends."""

from __future__ import annotations

import io
import threading
from pathlib import Path

import pytest

from nogilcheck.binary import Isolated, declaration_of
from nogilcheck.binary.protocol import LENGTH, ProtocolError, receive, send
from nogilcheck.binary.worker import serve
from nogilcheck.model.declaration import Declaration, Declared, FactCode
from tests.support.binaries import binary

HANGS = """
import sys, time
from nogilcheck.binary.protocol import receive
while True:
    header, data = receive(sys.stdin.buffer, longest=1 << 30)
    if data == b"hang":
        time.sleep(600)
    if data == b"crash":
        import os
        os.abort()
    if data == b"talk":
        sys.stdout.write("hello there, this is no answer at all")
        sys.stdout.flush()
        continue
    from nogilcheck.binary.worker import declaration_of
    from nogilcheck.binary.protocol import send
    send(sys.stdout.buffer, {"": declaration_of(data, header["filename"], header["python"]).as_json()})
"""


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Isolated:
    """One whose worker hangs, crashes or talks when it is told to."""
    script = tmp_path / "worker.py"
    script.write_text(HANGS)
    monkeypatch.setattr("nogilcheck.binary.isolated.COMMAND", (str(script),))
    return Isolated()


def answer(isolated: Isolated, name: str = "static-used-O2") -> Declaration:
    each = binary(name)
    return isolated.declaration_of(each.data, each.file, each.python)


def test_the_answers_are_those_of_this_process() -> None:
    with Isolated() as isolated:
        for name in ("static-used-O2", "runtime-O2-1", "windows-x64-runtime-1", "macos-arm64-single", "plain"):
            each = binary(name)
            assert answer(isolated, name) == declaration_of(each.data, each.file, each.python)
        library = binary("wrapped")
        found = isolated.continuations_of(library.data, "cp314t", {"demo.so": "Wrapped_PyInit_demo"})
        assert found["demo.so"].declared is Declared.NOT_USED


@pytest.mark.parametrize(("data", "said"), [(b"crash", "ended"), (b"talk", "ended")])
def test_a_worker_that_ends_costs_one_answer(faulty: Isolated, data: bytes, said: str) -> None:
    with faulty as isolated:
        lost = isolated.declaration_of(data, "x.so", "cp314t")
        assert lost.declared is Declared.UNKNOWN
        assert lost.evidence[0].code is FactCode.FAILED
        assert said in lost.evidence[0].detail[0]
        assert answer(isolated).declared is Declared.USED


def test_a_worker_that_takes_too_long_is_stopped(faulty: Isolated) -> None:
    with faulty as isolated:
        lost = isolated.declaration_of(b"hang", "x.so", "cp314t", seconds=0.2)
        assert lost.declared is Declared.UNKNOWN
        assert "too long" in lost.evidence[0].detail[0]
        assert answer(isolated).declared is Declared.USED


def test_threads_may_share_one() -> None:
    names = ("static-used-O2", "static-not-used-O2", "single-O2-none", "changed-O2")
    found: dict[str, Declared] = {}
    with Isolated() as isolated:

        def ask(name: str) -> None:
            found[name] = answer(isolated, name).declared

        threads = [threading.Thread(target=ask, args=(name,)) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == {name: binary(name).declared for name in names}


def test_a_closed_one_starts_again() -> None:
    isolated = Isolated()
    assert answer(isolated).declared is Declared.USED
    isolated.close()
    isolated.close()
    assert answer(isolated).declared is Declared.USED
    isolated.close()


def test_a_worker_serves_until_the_pipe_ends() -> None:
    each = binary("static-used-O2")
    questions, answers = io.BytesIO(), io.BytesIO()
    for _ in range(2):
        send(questions, {"filename": each.file, "python": each.python}, each.data)
    questions.seek(0)
    serve(questions, answers)
    answers.seek(0)
    for _ in range(2):
        header, body = receive(answers, longest=0)
        assert Declaration.from_json(header[""]).declared is Declared.USED
        assert body == b""


@pytest.mark.parametrize(
    "message", [b"", b"\1", LENGTH.pack(1 << 40), LENGTH.pack(2) + b"[]", LENGTH.pack(1) + b"{", LENGTH.pack(5) + b"{}"]
)
def test_a_broken_message_is_an_error(message: bytes) -> None:
    with pytest.raises(ProtocolError):
        receive(io.BytesIO(message), longest=10)
