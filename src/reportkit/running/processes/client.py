"""One of our own processes as its client sees it, and the two ways in which it can fail to answer.

Every wait has an end: a deadline, or the process's own end, which is seen whatever the process has left behind
(a grandchild that holds its connection, a connection that it closed itself).
"""

from __future__ import annotations

from typing import Any, Final, Protocol

from reportkit.language import _, marked

END_SECONDS: Final = 10.0
"""How long a process may take to end once it is killed or has let go of its connection, on a busy machine."""


class Died(Exception):
    """A process ended before it had answered; the text says how."""

    def __init__(self, code: int | None, whose: str = "") -> None:
        super().__init__(f"{whose or _('the process')} {how_ended(code)}")
        self.code = code
        """Its exit code, negative for a signal; ``None`` where the forkserver has gone and took it along."""


class Hung(Exception):
    """A process did not answer in time."""


class Process(Protocol):
    """One of our processes, as its client sees it."""

    def ask(self, message: object, deadline: float) -> None:
        """Send a message; raise :class:`Died` where nobody is there, :class:`Hung` where it is not taken in time."""
        ...

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer; raise :class:`Died` or :class:`Hung`.

        Without a deadline it waits as long as the process lives: a notebook may take its time.
        """
        ...

    def kill(self) -> None:
        """End it with all that it started. It takes some seconds at most, and may be called again."""
        ...

    def release(self) -> None:
        """Let go of a process that ends by itself."""
        ...


LET_GO: Final = marked("the process let go of its connection and")
"""Whose end it was where a process still ran but could not be heard any more."""


def how_ended(code: int | None) -> str:
    """Say how a process ended by its exit code, negative for a signal."""
    if code is None:
        return _("ended")
    if code < 0:
        return _("was killed by signal {number}", number=-code)
    return _("ended with exit code {code}", code=code)
