"""What runs the checks of a survey: processes here, or the workers of a scheduler."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, TypeVar

from nogilcheck import __version__
from nogilcheck.errors import UsageError

Task = TypeVar("Task")
Done = TypeVar("Done")

ATTEMPTS = 3
"""How often a task is given to a worker, where workers are lost over it."""
PER_JOB = 3
"""Tasks that are handed out ahead for each worker; more would only wait in memory."""
RECYCLED_AFTER = 250
"""Checks of one process, which is then replaced: what libraries keep does not pile up."""
TIMEOUT = 10
"""Seconds in which a scheduler and its first worker have to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Makes executors (PEP 3148); a new one takes the place of one that is broken."""

    start: Callable[[], Executor]
    jobs: int
    """Tasks that run at a time."""
    lost: tuple[type[BaseException], ...]
    """What a future raises whose worker was lost."""
    close: Callable[[], None] = lambda: None


def processes(jobs: int) -> Engine:
    """Processes on this machine, spawned: threads and open files of this one stay here."""
    spawn = multiprocessing.get_context("spawn")

    def start() -> Executor:
        return ProcessPoolExecutor(jobs, mp_context=spawn, max_tasks_per_child=RECYCLED_AFTER)

    return Engine(start=start, jobs=jobs, lost=(BrokenProcessPool,))


def dask(address: str) -> Engine:
    """The workers of a Dask scheduler. Raises `UsageError` where there is none that could do the work."""
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise UsageError(
            "--scheduler needs Dask", hint="install it here and on the workers: pip install 'nogilcheck[dask]'"
        ) from None
    client: Any = None
    try:
        client = Client(address, timeout=TIMEOUT, set_as_default=False)
        client.wait_for_workers(1, timeout=TIMEOUT)
        versions = client.run(worker_version)
        threads = sum(client.nthreads().values())
    except Exception as error:  # noqa: BLE001  whatever the workers raise, too
        if client is not None:
            client.close()
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        hint = "start it with `dask scheduler` and `dask worker`, with nogilcheck installed on every worker"
        raise UsageError(f"the scheduler {address} or its workers cannot be used ({reason})", hint=hint) from None
    if others := {version for version in versions.values() if version != __version__}:
        client.close()
        raise UsageError(f"workers have nogilcheck {', '.join(sorted(others))}, this is {__version__}")
    return Engine(start=lambda: client.get_executor(pure=False), jobs=threads, lost=(KilledWorker,), close=client.close)


def worker_version() -> str:
    """The version that a worker would check with."""
    return __version__


def run(
    engine: Engine, work: Callable[[Task], Done], tasks: Sequence[Task], give_up: Callable[[Task], Done]
) -> Iterator[Done]:
    """What became of each task, as they end. A task whose worker is lost is given out again.

    A lost process takes all that were running with it, so those run again one at a time: then it is known which of them
    is at fault, and ``give_up`` makes its result. Raises `UsageError` where the engine itself is lost.
    """
    fresh, suspects = deque(tasks), deque[Task]()
    attempts: dict[int, int] = {}
    executor = engine.start()
    running: dict[Future[Done], Task] = {}
    try:
        while fresh or suspects or running:
            broken = False
            queue, most = (suspects, 1) if suspects else (fresh, engine.jobs * PER_JOB)
            while queue and len(running) < most and not broken:
                try:
                    running[executor.submit(work, queue[0])] = queue[0]
                    queue.popleft()
                except engine.lost:  # while nobody waited
                    broken = True
            ended, _ = wait(running, return_when=FIRST_COMPLETED) if running else (set[Future[Done]](), None)
            alone = len(running) == 1
            for future in ended:
                task = running.pop(future)
                try:
                    yield future.result()
                except engine.lost:
                    broken = True
                    attempts[id(task)] = attempts.get(id(task), 0) + 1
                    if alone and attempts[id(task)] >= ATTEMPTS:
                        yield give_up(task)
                    else:
                        suspects.append(task)
                except (CancelledError, OSError) as error:
                    raise UsageError(
                        f"the scheduler was lost: {error}", hint="run the same command with --resume to go on"
                    ) from None
            if broken:
                _shut_down(executor, running)
                suspects.extend(running.values())
                running.clear()
                executor = engine.start()
    finally:
        _shut_down(executor, running)
        engine.close()


def _shut_down(executor: Executor, running: Iterable[Future[Done]]) -> None:
    """Without waiting for what runs. Dask knows no ``cancel_futures``."""
    for future in running:
        future.cancel()
    executor.shutdown(wait=False)
