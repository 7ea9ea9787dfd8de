"""Messages between our own processes: a length, then a pickle. Pipes and sockets alike.

Both ends are this package's; nothing from outside is ever read here.
"""

from __future__ import annotations

import pickle
import struct
from typing import Any, BinaryIO, Final, Protocol

ENVIRONMENT: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
}
"""What our processes are started with: numpy and pyarrow then start no thread when they are imported."""

NUMBER: Final = struct.Struct("!q")
"""How the forkserver writes a child's pid, and later its exit code."""

STARTED: Final = -1
"""What a process says before it begins, and as it goes on: its start takes no report's time."""

_LENGTH: Final = struct.Struct("!Q")


class Readable(Protocol):
    """Whatever reads so many bytes, or fewer where there are no more."""

    def read(self, length: int, /) -> bytes:
        """Read bytes."""
        ...


def send(stream: BinaryIO, message: object) -> None:
    """Write one message and flush it. Raises :class:`OSError` where nobody listens."""
    stream.write(packed(message))
    stream.flush()


def packed(message: object) -> bytes:
    """Return a message as the bytes that are sent."""
    body = pickle.dumps(message, protocol=pickle.HIGHEST_PROTOCOL)
    return _LENGTH.pack(len(body)) + body


def receive(stream: Readable) -> Any:
    """Read one message; raise :class:`EOFError` where the other end has gone, also in mid-message."""
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    return pickle.loads(_exactly(stream, length))  # noqa: S301  # our own process wrote it


def _exactly(stream: Readable, length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content
