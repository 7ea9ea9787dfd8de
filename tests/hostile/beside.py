"""Fuzzers beside one another, one a core: each is a program of its own that may die without the others."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

CORES = 2
"""What `make hostile` is reckoned for."""

Ended = subprocess.CompletedProcess[str]


def beside(module: str, name: str, count: int) -> Iterator[tuple[int, int, Ended]]:
    """Share ``count`` inputs among programs ``python -m module name share seed``; yield share, seed and how each ended."""
    shares = [count // CORES + (number < count % CORES) for number in range(CORES)]

    def run(seed: int, share: int) -> tuple[int, int, Ended]:
        call = [sys.executable, "-m", module, name, str(share), str(seed)]
        return (
            share,
            seed,
            subprocess.run(call, capture_output=True, check=False, text=True, errors="replace"),
        )

    with ThreadPoolExecutor(CORES) as threads:
        asked = [(seed, share) for seed, share in enumerate(shares, 1) if share]
        yield from threads.map(run, *zip(*asked, strict=True))
