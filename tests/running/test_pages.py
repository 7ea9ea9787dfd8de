"""Memory in large pages: which places are asked for."""

from __future__ import annotations

import os
import sys
import zlib
from pathlib import Path

import pytest

from reportkit.running.processes.pages import gather_pages, large_places

MB = 1 << 20


def test_only_whole_large_pages_of_the_heap_are_asked_for() -> None:
    maps = [
        "00100000-00700000 rw-p 00000000 00:00 0                          [heap]\n",
        "00900000-00bfffff rw-p 00000000 00:00 0 \n",
        "10000000-20000000 r-xp 00000000 00:00 0 \n",
        "20000000-30000000 rw-p 00000000 fe:00 77                         /usr/lib/libx.so\n",
        "30000000-40000000 rw-s 00000000 00:01 78                         /dev/shm/x (deleted)\n",
        "40000000-50000000 rw-p 00000000 00:00 0                          [stack]\n",
    ]
    assert [*large_places(maps)] == [2 * MB, 4 * MB]  # the second has less than one from 10 MB on


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's own")
def test_gathering_leaves_the_memory_as_it_was() -> None:
    block = os.urandom(9 * MB)
    before = zlib.crc32(block)
    assert [*large_places(Path("/proc/self/maps").read_text().splitlines())]
    gather_pages()
    assert zlib.crc32(block) == before
