"""The clients of the forkserver (:mod:`reportkit.running.processes.forkserver`) and of the children that it forks."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any, Final

from reportkit.language import _
from reportkit.running.processes import messages as wire
from reportkit.running.processes.client import END_SECONDS, LET_GO, Died, Hung
from reportkit.running.processes.kill import kill_tree

_ORDER_SECONDS: Final = 60.0
"""How long the forkserver may leave an order unread: while it warms up it reads none, but the socket holds many."""

_ANSWER_SECONDS: Final = 120.0
"""How long the forkserver may take to kill a child or to tell of its end: it does neither while it warms up."""

_LAST_SECONDS: Final = 3.0
"""How long a child that has let go of its connection may take to end by itself."""

_START: Final = "import sys; from reportkit.running.processes.forkserver import main; main()"
"""The forkserver's program. It is no module of that name, so that what a child of it spawns does not import it again."""


class ForkServerClient:
    """The client of the forkserver, which removes the scratch folder when it ends."""

    def __init__(self, scratch: Path) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_ORDER_SECONDS)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [sys.executable, "-c", _START, str(theirs.fileno()), str(scratch)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **wire.ENVIRONMENT, "TMPDIR": str(scratch)},
                start_new_session=True,
            )
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def fork(self, task: str) -> Forked:
        """Return a new child that does a task; raise :class:`Died` where the forkserver has gone."""
        connection, theirs = socket.socketpair()
        status, end = os.pipe()
        try:
            with self._lock, theirs:
                socket.send_fds(self._control, [task.encode()], [theirs.fileno(), end])
        except OSError:
            connection.close()
            os.close(status)
            self.end()
            raise Died(self._process.returncode, _("the forkserver")) from None
        finally:
            os.close(end)
        return Forked(self, connection, status)

    def kill(self, pid: int) -> None:
        """Have it kill a child of its own: it alone knows whether the number is still that child's."""
        with contextlib.suppress(OSError), self._lock:
            self._control.send(f"kill {pid}".encode())

    def close(self) -> None:
        """End it and all its children."""
        self._control.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.end()

    def end(self) -> None:
        """End it where it does not do as it is told; its children end with it."""
        kill_tree(self._process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)


class Forked:
    """A child of the forkserver."""

    def __init__(
        self, forkserver: ForkServerClient, connection: socket.socket, status: int
    ) -> None:
        self._forkserver = forkserver
        self._connection = connection
        self._connection.settimeout(_ORDER_SECONDS)  # so that reading what is not there yet ends
        self._status = status
        self._numbers: list[int] = []
        """What the forkserver wrote of the child: its pid, then its exit code. Each is read once and kept."""
        self._ended = False
        """Whether the child or its forkserver has ended."""
        self._deadline: float | None = None

    def ask(self, message: object, deadline: float) -> None:
        """Send a message."""
        self._connection.settimeout(max(0.1, deadline - time.monotonic()))
        try:
            self._connection.sendall(wire.packed(message))
        except TimeoutError:
            raise Hung from None
        except OSError:
            raise self._died() from None

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer."""
        self._deadline = deadline
        try:
            return wire.receive(self)
        except (EOFError, OSError):
            raise self._died() from None

    def kill(self) -> None:
        """End it with all that it started, and wait for its end; a forkserver that does not kill it is ended itself."""
        if self._status < 0:
            return
        if not self._wait_for_end(0.0):
            self._end()
        self.release()

    def release(self) -> None:
        """Let go of it. The forkserver sees to what it may have left running."""
        if self._status >= 0:
            self._connection.close()
            os.close(self._status)
            self._status = -1

    def read(self, length: int) -> bytes:
        """Read bytes, for :func:`reportkit.running.processes.messages.receive`.

        The end of the child ends the reading too: a process that it started may still hold the connection.
        """
        content = bytearray()
        while len(content) < length:
            left = None if self._deadline is None else self._deadline - time.monotonic()
            if left is not None and left <= 0:
                raise Hung
            part = self._there(min(length - len(content), 1 << 20))
            if part:
                content += part
            elif part is not None or self._ended:
                break
            else:
                ready = wait([self._connection, self._status], left)
                if self._connection not in ready and self._status in ready:
                    self._note(0.0)  # what it said before its end is read before the reading ends
        return bytes(content)

    def _there(self, length: int) -> bytes | None:
        """Return what has come already, nothing where the other end is closed, ``None`` where nothing is there yet."""
        try:
            return os.read(self._connection.fileno(), length)
        except BlockingIOError:
            return None

    @property
    def pid(self) -> int | None:
        """The child's number, once it is known."""
        self._note(0.0)
        return self._numbers[0] if self._numbers else None

    def _died(self) -> Died:
        """Return how the child ended, once it has: one that only closed its connection is killed."""
        if self._wait_for_end(_LAST_SECONDS):
            return Died(self._code)
        self._end()
        return Died(self._code, _(LET_GO))

    def _end(self) -> None:
        if not self._numbers:
            self._note(_ANSWER_SECONDS)  # its pid
        if self._numbers:
            self._forkserver.kill(self._numbers[0])
        if not self._wait_for_end(_ANSWER_SECONDS):
            self._forkserver.end()

    @property
    def _code(self) -> int | None:
        """The child's exit code; ``None`` where the forkserver went first."""
        return self._numbers[1] if len(self._numbers) > 1 else None

    def _wait_for_end(self, seconds: float) -> bool:
        """Say whether child or forkserver has ended, within so many seconds."""
        deadline = time.monotonic() + seconds
        while not self._ended and self._note(deadline - time.monotonic()):
            pass
        return self._ended

    def _note(self, seconds: float) -> bool:
        """Read what the forkserver next wrote of the child, if anything comes in time; say whether it did."""
        if self._ended:
            return False
        if not wait([self._status], max(0.0, seconds)):
            return False
        content = os.read(self._status, wire.NUMBER.size)
        if content:
            self._numbers.append(int(wire.NUMBER.unpack(content)[0]))
        self._ended = not content or len(self._numbers) > 1
        return True
