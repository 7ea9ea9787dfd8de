"""Memory gathered into large pages before the forks: a fork then copies one entry where it would copy 512."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

_MADV_COLLAPSE: Final = 25
_LARGE: Final = 2 << 20


def gather_pages() -> None:
    """Ask the kernel to lay this process's heap into large pages (Linux from 6.1 on).

    It is a wish: a kernel that does not know it, or has no large page left, leaves the memory as it is.
    """
    if sys.platform != "linux":
        return
    madvise = ctypes.CDLL(None).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    with Path("/proc/self/maps").open() as maps:
        places = [*large_places(maps)]
    for place in places:
        madvise(place, _LARGE, _MADV_COLLAPSE)


def large_places(maps: Iterable[str]) -> Iterator[int]:
    """Yield where a large page has room in the writable memory that no file stands behind.

    ``maps`` are the lines of ``/proc/self/maps``.

    >>> [hex(place) for place in large_places(["1ff000-600000 rw-p 00000000 00:00 0 [heap]"])]
    ['0x200000', '0x400000']
    """
    for line in map(str.strip, maps):
        span, rights, _, _, inode, *name = line.split(None, 5)
        if rights != "rw-p" or inode != "0" or name not in ([], ["[heap]"]):
            continue
        start, _, end = span.partition("-")
        first = -(-int(start, 16) // _LARGE) * _LARGE
        yield from range(first, int(end, 16) - _LARGE + 1, _LARGE)
