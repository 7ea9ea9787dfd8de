"""The client of a process that is started afresh by :mod:`reportkit.running.processes.worker`.

A thread reads its answers, so that the client can look at the process itself while it waits: the end of the pipe
may never come, since whatever the process started may hold the pipe too.
"""

from __future__ import annotations

import contextlib
import os
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO, Final

from reportkit.language import _
from reportkit.running.processes import messages as wire
from reportkit.running.processes.client import END_SECONDS, LET_GO, Died, Hung
from reportkit.running.processes.kill import kill_tree

_LOOK_SECONDS: Final = 1.0
"""How often a waiting client looks whether the process still runs."""

_END: Final = object()
"""What the reading thread leaves behind the last answer."""


class Spawned:
    """A process started afresh; what it writes for a time stands in the scratch folder."""

    def __init__(self, task: str, scratch: Path) -> None:
        group: dict[str, Any] = (
            {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
            if sys.platform == "win32"
            else {"start_new_session": True}
        )
        self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            [sys.executable, "-m", "reportkit.running.processes.worker", task],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **wire.ENVIRONMENT, "TMPDIR": str(scratch)},
            **group,
        )
        self._answers: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._code: int | None = None

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def ask(self, message: object, deadline: float) -> None:
        """Send a message; a process that does not take it in time is killed, which ends the sending."""
        late = threading.Event()

        def end() -> None:
            late.set()
            kill_tree(self._process.pid)

        timer = threading.Timer(max(0.0, deadline - time.monotonic()), end)
        timer.daemon = True
        timer.start()
        try:
            wire.send(self._stream("stdin"), message)
        except (OSError, ValueError):
            if late.is_set():
                raise Hung from None
            raise self._died() from None
        finally:
            timer.cancel()

    def answer(self, deadline: float | None) -> Any:
        """Return the next answer."""
        while True:
            left = _LOOK_SECONDS
            if deadline is not None:
                left = min(left, deadline - time.monotonic())
            ended = self._process.poll() is not None
            try:
                message = self._answers.get(timeout=max(0.0, left))
            except queue.Empty:
                if ended:  # and nothing came for a while after its end
                    raise self._died() from None
                if left < _LOOK_SECONDS:
                    raise Hung from None
                continue
            if message is _END:
                self._answers.put(_END)
                raise self._died()
            return message

    def kill(self) -> None:
        """End it with all that it started."""
        self._end()
        for name in ("stdin", "stdout"):
            if name == "stdout":
                self._reader.join(END_SECONDS)
                if self._reader.is_alive():
                    continue  # something holds the pipe still; to close it would wait for the reader
            with contextlib.suppress(OSError, ValueError):
                self._stream(name).close()

    release = kill

    def _died(self) -> Died:
        """Return how the process ended, once it has: one that only closed its pipe is killed."""
        try:
            self._code = self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._end()
            return Died(self._process.returncode, _(LET_GO))
        return Died(self._code)

    def _end(self) -> None:
        kill_tree(self._process.pid)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(END_SECONDS)

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError, ValueError):
            while True:
                self._answers.put(wire.receive(self._stream("stdout")))
        self._answers.put(_END)

    def _stream(self, name: str) -> BinaryIO:
        stream: BinaryIO = getattr(self._process, name)
        return stream
