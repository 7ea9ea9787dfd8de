"""How a run tells a person how far it is: a bar on a terminal (stderr) and in a notebook's cell, plain lines on stderr elsewhere."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from reportkit.language import _
from reportkit.running.widget_bar import WidgetBar, has_place
from reportkit.watching import QUIET_SECONDS


class Watcher:
    """One line: bar, done of total, failed and refused, rate, time left, and what is being made now."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._total = total
        self._clock = clock
        self._started = self._told = clock()
        self._done = 0
        self._not_made: Counter[str] = Counter()
        """How many reports there are not, by the outcome's status, in the words of the run's last line."""
        self._running: dict[str, None] = {}
        self._console = Console(stderr=True)
        self._bar: Progress | None = None
        self._widgets: WidgetBar | None = None
        self._task = TaskID(0)

    def __enter__(self) -> Self:
        if self._total and (self._console.is_jupyter or has_place()):
            self._widgets = WidgetBar.find(self._total)
        if self._widgets is not None:
            self._widgets.show()
        elif self._total and (self._console.is_terminal or self._console.is_jupyter):
            self._bar = Progress(
                SpinnerColumn(),
                BarColumn(bar_width=30),
                MofNCompleteColumn(),
                TextColumn("{task.fields[failed]}{task.fields[rate]}"),
                TimeRemainingColumn(),
                TextColumn("{task.fields[now]}", style="dim"),
                console=self._console,
                transient=True,
            )
            self._task = self._bar.add_task("", total=self._total, failed="", rate="", now="")
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()
        if self._widgets is not None:
            self._widgets.stop(failed=fault is not None or bool(self._not_made))

    def more(self, count: int) -> None:
        """Tell that more reports are to be made than was known at first."""
        self._total += count
        if self._bar is not None:
            self._bar.update(self._task, total=self._total)

    def start(self, what: str) -> None:
        """Tell that a report is being made."""
        self._running[what] = None
        self._show()

    def done(self, what: str, status: str, why: str = "") -> None:
        """Tell what became of a report; ``why`` it is not there where its status is not ``ok``."""
        self._running.pop(what, None)
        self._done += 1
        if status != "ok":
            self._not_made[status] += 1
            self.say(f"{what}: {why}")
        self._show()

    def say(self, line: str) -> None:
        """Print a line, above the bar where there is one."""
        if self._widgets is not None:
            self._widgets.say(line)
        elif self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            say(line)

    def _counts(self) -> str:
        """Return how many failed and, where there are any, how many were refused."""
        refused = self._not_made["refused"]
        told = _("{count} failed", count=self._not_made["failed"])
        return told + (_(", {count} refused", count=refused) if refused else "")

    def _show(self) -> None:
        now = self._clock()
        rate = self._done / max(now - self._started, 1e-9)
        if self._widgets is not None:
            speed = f"{rate * 60:.0f}/min  " if self._done else ""
            ends = f"{(self._total - self._done) / rate:.0f} s left  " if self._done else ""
            counts = f"{self._counts()}  " if self._not_made else ""
            words = (
                f"{self._done}/{self._total}  {counts}{speed}{ends}{next(iter(self._running), '')}"
            )
            self._widgets.update(self._done, self._total, words)
        elif self._bar is not None:
            self._bar.update(
                self._task,
                completed=self._done,
                failed=f"{self._counts()}  " if self._not_made else "",
                rate=f"{rate * 60:.0f}/min" if self._done else "",
                now=next(iter(self._running), ""),
            )
        elif self._done and (now - self._told >= QUIET_SECONDS or self._done == self._total):
            self._told = now
            left = (self._total - self._done) / rate
            self.say(
                _(
                    "{done}/{total} done, {counts}, {rate} a minute, {left} s left",
                    done=self._done,
                    total=self._total,
                    counts=self._counts(),
                    rate=f"{rate * 60:.0f}",
                    left=f"{left:.0f}",
                )
            )


def say(line: str) -> None:
    """Print a line for people."""
    print(line, file=sys.stderr, flush=True)  # noqa: T201  # this is the place that prints
