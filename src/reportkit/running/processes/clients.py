"""The clients of our own processes: one spawned afresh, and one forked from the zygote."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from reportkit.running.processes import messages as wire
from reportkit.running.processes.kill import kill_tree


class Died(Exception):
    """A process ended before it had answered; the text says how."""

    def __init__(self, code: int | None, whose: str = "the process") -> None:
        super().__init__(f"{whose} {how_ended(code)}")
        self.code = code
        """Its exit code, negative for a signal; ``None`` where the zygote has gone and took it along."""


class Hung(Exception):
    """A process did not answer in time."""


class Process(Protocol):
    """One of our processes, as its client sees it."""

    def ask(self, message: object) -> None:
        """Send a message; raise :class:`Died` where nobody is there."""
        ...

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer; raise :class:`Died` or :class:`Hung`."""
        ...

    def kill(self) -> None:
        """End it with all that it started."""
        ...

    def release(self) -> None:
        """Let go of a process that ends by itself."""
        ...


def how_ended(code: int | None) -> str:
    """Say how a process ended by its exit code, negative for a signal."""
    if code is None:
        return "ended"
    if code < 0:
        return f"was killed by signal {-code}"
    return f"ended with exit code {code}"


class Spawned:
    """A process started afresh by :mod:`reportkit.running.processes.worker`."""

    def __init__(self, role: str) -> None:
        group: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "reportkit.running.processes.worker", role],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **wire.ENVIRONMENT},
            **group,
        )
        self._late = False

    def ask(self, message: object) -> None:
        """Send a message."""
        try:
            wire.send(self._stream("stdin"), message)
        except OSError:
            raise Died(self._process.wait()) from None

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer, killing the process when time is up."""
        timer = None
        if deadline is not None:
            timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._too_late)
            timer.start()
        try:
            return wire.receive(self._stream("stdout"))
        except (EOFError, OSError):
            if self._late:
                raise Hung from None
            raise Died(self._process.wait()) from None
        finally:
            if timer is not None:
                timer.cancel()

    def kill(self) -> None:
        """End it with all that it started."""
        kill_tree(self._process.pid)
        self._process.wait()
        for name in ("stdin", "stdout"):
            with contextlib.suppress(OSError):
                self._stream(name).close()

    release = kill

    def _too_late(self) -> None:
        self._late = True
        kill_tree(self._process.pid)

    def _stream(self, name: str) -> BinaryIO:
        stream: BinaryIO = getattr(self._process, name)
        return stream


class Zygote:
    """The client of :mod:`reportkit.running.processes.forkserver`, which removes the scratch folder when it ends."""

    def __init__(self, scratch: Path) -> None:
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
                [
                    sys.executable,
                    "-m",
                    "reportkit.running.processes.forkserver",
                    str(theirs.fileno()),
                    str(scratch),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                env={**os.environ, **wire.ENVIRONMENT},
                start_new_session=True,
            )
        self._lock = threading.Lock()

    @property
    def alive(self) -> bool:
        """Say whether it still runs."""
        return self._process.poll() is None

    def fork(self, role: str) -> Forked:
        """Return a new child that plays a role; raise :class:`Died` where the zygote has gone."""
        connection, theirs = socket.socketpair()
        status, end = os.pipe()
        try:
            with self._lock, theirs:
                socket.send_fds(self._control, [role.encode()], [theirs.fileno(), end])
        except OSError:
            connection.close()
            os.close(status)
            raise Died(self._process.wait(), "the zygote") from None
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
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_tree(self._process.pid)
            self._process.wait()


class Forked:
    """A child of the zygote."""

    def __init__(self, zygote: Zygote, connection: socket.socket, status: int) -> None:
        self._zygote = zygote
        self._connection = connection
        self._status = status
        self._pid: int | None = None
        self._deadline: float | None = None

    def ask(self, message: object) -> None:
        """Send a message."""
        try:
            self._connection.sendall(wire.packed(message))
        except OSError:
            raise Died(self._exit_code()) from None

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer."""
        self._deadline = deadline
        try:
            return wire.receive(self)
        except (EOFError, OSError):
            raise Died(self._exit_code()) from None

    def kill(self) -> None:
        """End it with all that it started, and wait for its end."""
        pid = self._read_pid()
        if pid is not None:
            self._zygote.kill(pid)
            self._exit_code()
        self.release()

    def release(self) -> None:
        """Let go of it. The zygote sees to what it may have left running."""
        self._connection.close()
        os.close(self._status)

    def read(self, length: int) -> bytes:
        """Read bytes, for :func:`reportkit.running.processes.messages.receive`.

        The end of the child ends the reading too: a process that it started may still hold the connection.
        """
        content = bytearray()
        while len(content) < length:
            ended = self._pid is not None
            left = None if self._deadline is None else self._deadline - time.monotonic()
            if left is not None and left <= 0:
                raise Hung
            ready, _, _ = select.select([self._connection.fileno(), self._status], [], [], left)
            if self._connection.fileno() in ready:
                part = self._connection.recv(min(length - len(content), 1 << 20))
                if not part:
                    break
                content += part
            elif self._status in ready:
                if ended:
                    break
                if self._read_pid() is None:
                    break
        return bytes(content)

    def _read_pid(self) -> int | None:
        if self._pid is None:
            self._pid = self._number()
        return self._pid

    def _exit_code(self) -> int | None:
        """Wait for the child's end; ``None`` where the zygote has gone."""
        return None if self._read_pid() is None else self._number()

    def _number(self) -> int | None:
        content = os.read(self._status, wire.NUMBER.size)
        return int(wire.NUMBER.unpack(content)[0]) if content else None
