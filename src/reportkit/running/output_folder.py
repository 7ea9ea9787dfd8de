"""An output folder: a local path, or an fsspec URL such as ``s3://bucket/reports``.

Names inside a place are relative and have forward slashes. A file is whole or absent: local files are renamed
into place, and object stores show an object when all of it has arrived.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

import fsspec
from fsspec.core import url_to_fs

from reportkit.errors import ParameterError
from reportkit.files import whole_file, write_whole
from reportkit.language import _

_URL = re.compile(r"[a-z][a-z0-9+.-]+://")


def sha256(content: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class OutputFolder:
    """A folder of outputs by its path (absolute) or URL."""

    url: str

    @classmethod
    def at(cls, where: str | Path) -> OutputFolder:
        """Return the place at a path or URL; raise :class:`ParameterError` for an unknown kind of URL."""
        text = os.fspath(where)
        if text.startswith("file://"):
            text = text.removeprefix("file://")
        if _URL.match(text):
            if text.split("://", 1)[0] not in fsspec.available_protocols():
                raise ParameterError(_("--output {text}: no such kind of URL is known", text=text))
            return cls(text.rstrip("/"))
        return cls(str(Path(text).expanduser().absolute()))

    @property
    def path(self) -> Path | None:
        """The local folder, or ``None`` where it is remote."""
        return None if _URL.match(self.url) else Path(self.url)

    @property
    def key(self) -> str:
        """A short name of the place that is good as a file's name."""
        return sha256(self.url.encode())[:16]

    def sibling(self, suffix: str) -> OutputFolder:
        """Return the place beside this one whose name has a suffix: ``output`` and ``output-internal``."""
        return OutputFolder(self.url + suffix)

    def where(self, name: str) -> str:
        """Return a file's full path or URL, for people."""
        return f"{self.url}/{name}" if self.path is None else str(self.path / name)

    def write(self, name: str, content: bytes) -> str:
        """Write a whole file and return its SHA-256."""
        if self.path is not None:
            write_whole(self.path / name, content)
        else:
            filesystem, root = self._remote
            filesystem.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
            filesystem.pipe_file(f"{root}/{name}", content)
        return sha256(content)

    def put(self, name: str, made: Path) -> None:
        """Write a whole file from one on this machine, without holding it in memory."""
        if self.path is not None:
            with whole_file(self.path / name) as part:
                shutil.copyfile(made, part)
        else:
            filesystem, root = self._remote
            filesystem.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
            filesystem.put_file(str(made), f"{root}/{name}")

    def has(self, name: str) -> bool:
        """Say whether there is such a file."""
        if self.path is not None:
            return (self.path / name).is_file()
        filesystem, root = self._remote
        return bool(filesystem.exists(f"{root}/{name}"))

    def read(self, name: str) -> bytes | None:
        """Return a file's content, or ``None`` where there is no such file."""
        try:
            if self.path is not None:
                return (self.path / name).read_bytes()
            filesystem, root = self._remote
            return bytes(filesystem.cat_file(f"{root}/{name}"))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def open(self, name: str) -> IO[bytes] | None:
        """Open a file to be read from any place in it; ``None`` where there is no such file."""
        try:
            if self.path is not None:
                return (self.path / name).open("rb")
            filesystem, root = self._remote
            return cast("IO[bytes]", filesystem.open(f"{root}/{name}", "rb"))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write_pieces(self, name: str, pieces: Iterable[bytes]) -> None:
        """Write a whole file piece by piece, so that it is never in memory as a whole where it is local."""
        if self.path is None:
            self.write(name, b"".join(pieces))
            return
        with whole_file(self.path / name) as part, part.open("wb") as file:
            file.writelines(pieces)

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield a file's lines, each with its end; none where there is no such file."""
        if self.path is None:
            yield from (self.read(name) or b"").splitlines(keepends=True)
            return
        try:
            with (self.path / name).open("rb") as file:
                yield from file
        except (FileNotFoundError, NotADirectoryError):
            return

    def remove(self, name: str) -> None:
        """Remove a file if it is there."""
        if self.path is not None:
            (self.path / name).unlink(missing_ok=True)
        elif self.read(name) is not None:
            filesystem, root = self._remote
            filesystem.rm_file(f"{root}/{name}")

    def holds(self, outputs: Mapping[str, str]) -> bool:
        """Say whether all these files are there with these digests."""
        return all(
            content is not None and sha256(content) == digest
            for content, digest in ((self.read(name), digest) for name, digest in outputs.items())
        )

    @cached_property
    def _remote(self) -> tuple[Any, str]:
        filesystem, root = url_to_fs(self.url)
        return filesystem, str(root)

    def __reduce__(self) -> tuple[Any, ...]:
        return (OutputFolder, (self.url,))
