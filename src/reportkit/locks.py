"""One process at a time at a file or a folder."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from filelock import BaseFileLock, FileLock, SoftFileLock, Timeout

_NO_LOCKS: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS)
"""What file systems answer that have no locks: some network shares, some of user space."""


@contextmanager
def alone(path: Path, waiting: Callable[[], None] = lambda: None) -> Iterator[None]:
    """Hold a lock file; where another process holds it, call ``waiting`` once and wait for it.

    The lock goes with its process, however that ends. On a file system without locks a file beside ``path`` that is made
    exclusively stands for it (``.held``): it keeps out processes of this machine and of others, and one that a killed
    process of this machine left counts for nothing. Raises :class:`OSError` where no file can be made.
    """
    lock: BaseFileLock = FileLock(path, fallback_to_soft=False)
    try:
        _acquire(lock, waiting)
    except OSError as fault:
        if fault.errno not in _NO_LOCKS:
            raise
        # Not at the same path: the file that the first one made there would stand for a holder.
        lock = SoftFileLock(f"{path}.held")
        _acquire(lock, waiting)
    try:
        yield
    finally:
        lock.release()


def _acquire(lock: BaseFileLock, waiting: Callable[[], None]) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        waiting()
        lock.acquire()
