"""What guards a run: however it ends, by itself, by Ctrl-C or by SIGTERM, no process of ours is left."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from reportkit.errors import RunError, system_words
from reportkit.language import _
from reportkit.running.processes.crew import close_crews


@contextmanager
def guarded(*, keep: bool = False) -> Iterator[None]:
    """Let SIGTERM end the run like Ctrl-C, and end every process afterwards, unless they are kept."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _interrupt) if main else None
    try:
        yield
    except BaseException:
        close_crews()
        raise
    finally:
        if not keep:
            close_crews()
        if main:
            signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def ended_at_once() -> Iterator[None]:
    """End the processes where a run cannot go on, so that no thread waits for a report that nobody wants any more.

    A fault of the disk or of a folder becomes a :class:`~reportkit.errors.RunError` that says what to do.
    """
    try:
        yield
    except OSError as fault:  # a disk that is full, a folder that is gone: some reports were made
        close_crews()
        where = f" ({fault.filename})" if fault.filename else ""
        raise RunError(
            _(
                "{what}{where}; make room or mend the folder, and run again: only what is missing is "
                "made",
                what=system_words(fault),
                where=where,
            )
        ) from None
    except BaseException:
        close_crews()
        raise
