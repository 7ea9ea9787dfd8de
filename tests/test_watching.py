"""How far a command over many files is: nothing for one file, a line now and then in a log, every item in its order."""

from __future__ import annotations

import io
from itertools import count

from rich.console import Console

from reportkit.watching import watched


def told(total: int, seconds: float) -> list[str]:
    """Return the lines of a log where each item takes some seconds."""
    log = io.StringIO()
    console = Console(file=log, width=80)
    moments = count(0, seconds)
    items = list(
        watched(iter(range(total)), total, "正在读取", console, lambda: float(next(moments)))
    )
    assert items == list(range(total))
    return log.getvalue().splitlines()


def test_a_single_file_needs_no_telling() -> None:
    assert told(1, 60) == []


def test_quick_work_is_not_told_in_a_log() -> None:
    assert told(100, 0.01) == []


def test_long_work_is_told_now_and_then() -> None:
    assert told(4, 6) == ["正在读取: 2/4, 12 s left", "正在读取: 4/4, 0 s left"]
