"""Many files: each read in a child process with bounds of processor, time and memory.

A file that hangs or swells costs its child, not the batch: the child is ended, the file is one
error, and a fresh child takes the next one. What is done with a file there is the caller's: a function
that can be pickled, from a path to a value that can.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from types import ModuleType
from typing import Any, Final, Generic, TypeVar

import psutil

from reportkit.errors import ReadError

SECONDS = 60.0
"""How long one file may take, on a machine however busy."""
PROCESSOR: Final = 2.8
"""How many seconds of the processor a report may take; it takes a fraction of one. What ends it takes some of the three
seconds in which a harmful file is refused. Windows cannot tell."""
TASK_MEMORY: Final = 3 * 1024**3
"""The same for what else is done with a file."""
FILES_A_CHILD = 2000
"""A child makes way for a fresh one after so many files: parsers leak."""


@dataclass(frozen=True)
class FileLimits:
    """What a child may take for one file: address space beside its own, seconds of the processor (0: any)."""

    memory: int = TASK_MEMORY
    processor: float = 0.0
    start: str = "spawn"


Value = TypeVar("Value")


@dataclass(frozen=True)
class Done(Generic[Value]):
    """What became of one file: a value, or why there is none."""

    path: Path
    value: Value | None = None
    error: ReadError | None = None


def each_apart(
    task: Callable[[Path], Value],
    paths: Iterable[Path],
    workers: int = 1,
    *,
    seconds: float = SECONDS,
    bounds: FileLimits = FileLimits(),  # frozen
) -> Iterator[Done[Value]]:
    """Yield what a task makes of each file in a process apart, in the order given.

    ``task`` raises :class:`~reportkit.errors.ReadError` for a file that it cannot use; whatever else it
    raises is that file's error too.
    """
    todo = list(paths)
    done: dict[int, Done[Value]] = {}
    following = 0
    children: list[_Child] = []
    try:
        nth = 0
        while following < len(todo):
            while nth < len(todo) and (child := _idle(children, workers, task, bounds)) is not None:
                child.give(nth, todo[nth], seconds)
                nth += 1
            done.update(_finished(children, todo))
            while following in done:
                yield done.pop(following)
                following += 1
    finally:
        for child in children:
            child.end()


class _Child:
    """One child process and the file that it is reading."""

    def __init__(self, task: Callable[[Path], Any], bounds: FileLimits) -> None:
        context: Any = multiprocessing.get_context(bounds.start)
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, task, bounds), daemon=True)
        with _no_main():
            self.process.start()
        theirs.close()
        self.nth: int | None = None
        self.seconds = 0.0
        self.deadline = 0.0
        self.started = False
        self.served = 0

    def give(self, nth: int, path: Path, seconds: float) -> None:
        """Hand over a file. Its time runs from when the child is up."""
        self.nth = nth
        self.seconds = seconds
        self.deadline = time.monotonic() + (seconds if self.started else STARTING)
        self.served += 1
        with contextlib.suppress(OSError):  # a dead child is found when its answer is waited for
            self.pipe.send(path)

    def end(self) -> None:
        """End the process, whatever it does."""
        self.process.kill()
        self.process.join()
        self.pipe.close()


@contextlib.contextmanager
def _no_main() -> Iterator[None]:
    """Hide the program that calls, so that a child does not run it again.

    A spawned child imports the caller's main module, which a script of three lines without
    ``if __name__ == "__main__"`` does not survive, and which does not exist where the program came from
    standard input. The children here need nothing of it: what they do is a function of an installed module.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


STARTING = 60.0
"""How long a child may take to start, in seconds, on a busy machine."""


def _idle(
    children: list[_Child], workers: int, task: Callable[[Path], Any], bounds: FileLimits
) -> _Child | None:
    """Return a child that waits for a file, started if there may be one more."""
    for child in list(children):
        if child.nth is None:
            if child.served < FILES_A_CHILD and child.process.is_alive():
                return child
            child.end()
            children.remove(child)
    if len(children) < max(1, workers):
        children.append(_Child(task, bounds))
        return children[-1]
    return None


def _finished(children: list[_Child], todo: Sequence[Path]) -> Iterator[tuple[int, Done[Any]]]:
    """Wait for an answer, a death or a deadline, and yield what came."""
    busy = [child for child in children if child.nth is not None]
    if not busy:
        return
    left = min(child.deadline for child in busy) - time.monotonic()
    ready = wait([child.pipe for child in busy], timeout=max(0.0, left))
    for child in busy:
        nth = child.nth
        if nth is None:
            continue
        path = todo[nth]
        if child.pipe in ready and not child.started:
            if _up(child):
                continue
            read = Done[Any](path, error=ReadError(f"{path.name}：读取程序未能启动"))
        elif child.pipe in ready:
            read = _answer(child, path)
        elif time.monotonic() >= child.deadline:
            read = Done[Any](path, error=ReadError(f"{path.name}：读取超时，已放弃"))
            child.end()
            children.remove(child)
        else:
            continue
        child.nth = None
        if not child.process.is_alive() and child in children:
            child.end()
            children.remove(child)
        yield nth, read


def _up(child: _Child) -> bool:
    """Take a child's word that it is up; say whether it came."""
    try:
        child.pipe.recv()
    except (EOFError, OSError):
        child.process.join(5)
        return False
    child.started = True
    child.deadline = time.monotonic() + child.seconds
    return True


def _answer(child: _Child, path: Path) -> Done[Any]:
    try:
        value, error = child.pipe.recv()
    except (EOFError, OSError):
        child.process.join(5)
        late = _PROFILE is not None and child.process.exitcode == -_PROFILE
        why = f"读取超时（处理超过{PROCESSOR:g}秒）" if late else "读取时内存不足或程序中止"
        return Done(path, error=ReadError(f"{path.name}：{why}，已放弃"))
    return Done(path, value, ReadError(error) if error else None)


def _serve(pipe: Connection[Any, Any], task: Callable[[Path], Any], bounds: FileLimits) -> None:
    """Read files until the parent is gone: the child's whole life."""
    _bound(bounds.memory)
    gc.freeze()  # what is imported stays; the collector need not walk it again for every file
    pipe.send(None)
    while True:
        try:
            path = pipe.recv()
        except (EOFError, OSError):
            return
        value = None
        error = ""
        _time(bounds.processor)
        try:
            value = task(path)
        except ReadError as fault:
            error = str(fault)
        except MemoryError:
            error = f"{path.name}：读取所需内存超过限度，已放弃"
        except RecursionError:
            error = f"{path.name}：嵌套过深，已放弃"
        except Exception as fault:  # noqa: BLE001 (one file must not stop the others)
            error = f"{path.name}：读取出错（{type(fault).__name__}）"
        _time(0)
        pipe.send((value, error))


_PROFILE: Final = getattr(signal, "SIGPROF", None)
"""The signal that ends a process whose processor time is over, even in the midst of a parser in C."""


def _time(seconds: float) -> None:
    """Let this process end after so many seconds of the processor; 0: let it live."""
    if _PROFILE is not None:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _bound(memory: int) -> None:
    """Bound what the process may take beside what it has; Windows has no such limit to set."""
    try:
        import resource  # noqa: PLC0415 (not on Windows)
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    bound = psutil.Process().memory_info().vms + memory
    limit = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
