"""Shards through one process or several; results come out in the order of the shards.

Workers are spawned, so that they hold nothing of the parent (its lock least of all), and end with it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from multiprocessing import get_context

from ..errors import Trouble
from ..workers import interruptible, obey_parent
from .marks import Mark
from .shard import Shard
from .task import Task
from .texts import Texts
from .worker import correct, waits

AHEAD = 3  # shards a process that may wait, done or not yet begun

Todo = tuple[Shard, Mark | None]  # a mark when it was done in an earlier run
_ready: tuple[Task, Texts] | None = None


def results(todo: Iterable[Todo], task: Task, jobs: int) -> Generator[tuple[Shard, Mark], None, None]:
    """Every shard with its mark. Raises ``OSError`` of a worker, and :class:`Trouble` when one was killed."""
    if jobs == 1:
        texts = Texts(task.config)
        for shard, mark in todo:
            yield shard, mark or correct(shard, task, texts)
        return
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _begin, (task,))
    waiting: deque[tuple[Shard, Mark | Future[Mark]]] = deque()
    try:
        for shard, mark in todo:
            if shard.data is not None:
                if mark is None:
                    waits(shard, task).write_bytes(shard.data)
                shard = replace(shard, data=None)
            with interruptible(False):
                waiting.append((shard, mark or pool.submit(_correct, shard)))
            if len(waiting) >= AHEAD * jobs:
                yield _result(*waiting.popleft())
        while waiting:
            yield _result(*waiting.popleft())
    except BrokenProcessPool:
        raise Trouble("a process was killed, perhaps for lack of memory; the same command goes on, with less --jobs",
                      "有进程被终止，可能内存不足；减少 --jobs 再运行同一条命令即可接着做") from None
    finally:
        pool.shutdown(cancel_futures=True)


def _result(shard: Shard, found: Mark | Future[Mark]) -> tuple[Shard, Mark]:
    return shard, found if isinstance(found, Mark) else found.result()


def _begin(task: Task) -> None:
    """Makes a worker ready."""
    global _ready
    obey_parent()
    _ready = task, Texts(task.config)


def _correct(shard: Shard) -> Mark:
    assert _ready is not None
    return correct(shard, *_ready)
