"""How a command that takes its time over many files says how far it is: a bar on a terminal, a line now and then in a log."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final, TypeVar

from reportkit.language import _

if TYPE_CHECKING:
    from rich.console import Console

QUIET_SECONDS: Final = 10.0
"""Without a terminal, the least time between two lines."""

Item = TypeVar("Item")


def watched(
    items: Iterable[Item],
    total: int,
    what: str,
    console: Console | None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Item]:
    """Yield the items as they come, saying on ``console`` (stderr) how many of ``total`` are done.

    ``what`` says what is being done, in the language of the command line. A single item needs no telling, and without
    a console nobody is told.
    """
    if console is None or total < 2:
        yield from items
    elif console.is_terminal:
        from rich.progress import track  # noqa: PLC0415  # most calls show no bar

        yield from track(items, description=what, total=total, console=console, transient=True)
    else:
        yield from _lines(items, total, what, console, clock)


def _lines(
    items: Iterable[Item], total: int, what: str, console: Console, clock: Callable[[], float]
) -> Iterator[Item]:
    started = told = clock()
    for done, item in enumerate(items, 1):
        yield item
        now = clock()
        if now - told >= QUIET_SECONDS:
            told = now
            left = (now - started) / done * (total - done)
            console.print(
                _(
                    "{what}: {done}/{total}, {left} s left",
                    what=what,
                    done=done,
                    total=total,
                    left=f"{left:.0f}",
                ),
                markup=False,
                highlight=False,
                soft_wrap=True,
            )
