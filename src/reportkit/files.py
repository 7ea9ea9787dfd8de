"""Files written whole or not at all: temporary name, fsync, rename. And archives without the time of day."""

from __future__ import annotations

import contextlib
import io
import lzma
import os
import platform
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

_PART: Final = ".part-"

DAMAGED_ARCHIVE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError),
    *(RuntimeError, NotImplementedError, OSError, ValueError),
)
"""What :mod:`zipfile` raises for an archive that is damaged, wherever the damage is, or that a password locks."""


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a temporary path beside ``path``; on success make it durable and rename it.

    On any failure the temporary file is removed and what was at ``path`` stays as it was. The
    temporary name is hidden and keeps the suffix, which some writers go by; it tells the process, so that
    :func:`clear_parts` knows what a killed one left.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_owned(_PART), suffix=path.suffix)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.chmod(0o666 & ~_umask())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Give a system's error the name of the file: of a full disk it tells none."""
    try:
        yield
    except OSError as fault:
        raise type(fault)(fault.errno, fault.strerror, str(path)) from None


def clear_parts(folder: Path) -> None:
    """Remove the temporary files below a folder that killed processes of this machine left."""
    for part in list(folder.rglob(f"{_PART}*")):
        if _is_left(part.name, _PART):
            with contextlib.suppress(OSError):
                part.unlink()


def temporary_folder(kind: str) -> Path:
    """Make a private folder for temporary files, and remove those of its kind that killed processes of this machine left."""
    for folder in Path(tempfile.gettempdir()).glob(f"{kind}*"):
        if _is_left(folder.name, kind):
            shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=_owned(kind)))


def _owned(kind: str) -> str:
    """Return how the names of this process's temporary files of a kind begin."""
    return f"{kind}{_machine()}-{os.getpid()}-"


def _is_left(name: str, kind: str) -> bool:
    """Say whether a temporary file of a kind is of a process of this machine that is gone."""
    import psutil  # noqa: PLC0415  # not for a notebook's cell

    machine, pid, *_ = f"{name.removeprefix(kind)}--".split("-")
    return machine == _machine() and pid.isdigit() and not psutil.pid_exists(int(pid))


def _machine() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def require_writable(folder: Path) -> None:
    """Make a folder where there is none; raise :class:`OSError` naming it where no file can be made in it.

    A lock file cannot tell: some locks wait for ever in a folder where none can be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    try:
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as fault:
        raise type(fault)(fault.errno, fault.strerror, str(folder)) from None


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a whole file, text as UTF-8."""
    with whole_file(path) as part:
        part.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def without_times(archive: bytes) -> bytes:
    """Return an archive (.docx, .zip) anew, its times fixed and its files in order: the same files, the same bytes."""
    final = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as source,
        zipfile.ZipFile(final, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return final.getvalue()


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def is_hidden(path: PurePath | str) -> bool:
    """Say whether a file in a folder that is searched is not meant: hidden, in a hidden folder, or an office's lock.

    ``path`` is relative to that folder. Word and Excel lay a lock ``~$name`` beside a file that is open.

    >>> is_hidden("2021/~$年报.docx"), is_hidden(".git/a.json"), is_hidden("2021/年报.docx")
    (True, True, False)
    """
    return any(part.startswith((".", "~$")) for part in PurePath(path).parts)
