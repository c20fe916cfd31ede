"""What runs the checks of a survey: processes here, or the workers of a scheduler."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from nogilcheck import __version__
from nogilcheck.errors import UsageError
from nogilcheck.frozen import frozen

Task = TypeVar("Task")
Done = TypeVar("Done")

ATTEMPTS = 3
"""How often a task is given to a worker, where workers are lost over it."""
RECYCLED_AFTER = 250
"""Checks of one process, which is then replaced: what libraries keep does not pile up."""
TIMEOUT = 10
"""Seconds in which a scheduler and its first worker have to answer."""


@frozen
class Engine:
    """Makes executors (PEP 3148) that are given one task at a time, so that a lost worker tells which task it had."""

    start: Callable[[], Executor]
    jobs: int
    """How many executors keep it busy."""
    lost: tuple[type[BaseException], ...]
    """What a future raises whose worker was lost."""
    close: Callable[[], None] = lambda: None


def processes(jobs: int) -> Engine:
    """Processes on this machine, spawned: threads and open files of this one stay here."""
    spawn = multiprocessing.get_context("spawn")

    def start() -> Executor:
        return ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=RECYCLED_AFTER)

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
        others = set(client.run(worker_version).values()) - {__version__}
        threads = sum(client.nthreads().values())
        reason = f"workers have nogilcheck {', '.join(sorted(others))}, this is {__version__}" if others else ""
    except Exception as error:  # noqa: BLE001  whatever the workers raise, too
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
    if reason:
        if client is not None:
            client.close()
        hint = "start it with `dask scheduler` and `dask worker`, with this nogilcheck installed on every worker"
        raise UsageError(f"the scheduler {address} or its workers cannot be used ({reason})", hint=hint)
    twice = 2 * threads  # the next task is there when one ends
    return Engine(start=lambda: client.get_executor(pure=False), jobs=twice, lost=(KilledWorker,), close=client.close)


def worker_version() -> str:
    """The version that a worker would check with."""
    return __version__


def run(engine: Engine, work: Callable[[Task], Done], tasks: Iterable[Task]) -> Iterator[tuple[Task, Done | None]]:
    """Each task with what became of it, as they end. A task whose worker is lost is given out again.

    ``None``: it was lost with `ATTEMPTS` workers. Raises `UsageError` where the engine itself is lost.
    """
    left = deque((task, 1) for task in tasks)
    idle = [engine.start() for _ in range(min(engine.jobs, len(left)))]
    running: dict[Future[Done], tuple[Executor, Task, int]] = {}
    try:
        while left or running:
            while left and idle:
                executor, (task, attempt) = idle.pop(), left.popleft()
                try:
                    running[executor.submit(work, task)] = executor, task, attempt
                except engine.lost:  # while it was idle
                    idle.append(engine.start())
                    left.appendleft((task, attempt))
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                executor, task, attempt = running.pop(future)
                try:
                    yield task, future.result()
                except engine.lost:
                    executor = engine.start()
                    if attempt < ATTEMPTS:
                        left.append((task, attempt + 1))
                    else:
                        yield task, None
                except (CancelledError, OSError) as error:
                    reason = f"the scheduler was lost: {error}"
                    raise UsageError(reason, hint="run the same command with --resume to go on") from None
                idle.append(executor)
    finally:
        for future in running:
            future.cancel()
        for executor in (*idle, *(one for one, _, _ in running.values())):
            executor.shutdown(wait=False)  # Dask knows no ``cancel_futures``
