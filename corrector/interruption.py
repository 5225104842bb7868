"""Ctrl+C before a command has begun. Imports little, since it comes before all that takes long to import."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTED = 130  # the status that shells give it


@contextmanager
def importing() -> Iterator[None]:
    """While modules are imported here, an interruption ends the process: there is nothing to say or to tidy up yet.

    As an exception it would come out of half a module, as a traceback or as another error. Where it means something
    else already, as in the background of a shell, it is left alone; so it is in a thread, which may not change it.
    """
    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda number, frame: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
