"""Processes that work for another one."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, parent_process


@contextmanager
def interruptible(yes: bool) -> Iterator[None]:
    """Whether an interruption from the keyboard comes through in here, or waits; a process started here inherits that,
    with all its threads. Where other threads run already one of them may take it.

    It is to wait while workers begin, when it would come out of the modules that they import as a traceback, and while
    they answer: of one that ends in the middle of its answer the rest would be waited for without end.
    """
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_UNBLOCK if yes else signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def obey_parent(on_interrupt: signal.Handlers = signal.SIG_IGN) -> None:
    """What a worker begins with: it ends with its parent, whose death by ``kill -9`` nobody tells it of.

    An interruption from the keyboard is the parent's to deal with; ``SIG_DFL`` is for what need not be finished. Where
    it means nothing to the parent, as in the background of a shell, it means nothing to its workers.
    """
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, on_interrupt)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
