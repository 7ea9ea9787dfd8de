"""Archives of Office Open XML, looked at before anything in them is unpacked."""

from __future__ import annotations

import io
import zipfile
from typing import Final

from reportkit.errors import ReadError
from reportkit.files import DAMAGED_ARCHIVE

MOST_BYTES: Final = 200_000_000
"""What a file may unpack to, all parts together."""
MOST_RATIO: Final = 200
"""How many times its size a part of more than a megabyte may unpack to."""


def inspect_archive(data: bytes, name: str) -> frozenset[str]:
    """Return the names of an archive's parts.

    Raises :class:`ReadError` where it is broken, encrypted, swells when unpacked or declares a DOCTYPE.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise ReadError(f"{name}：文件已加密，请先去掉密码")
            total = sum(part.file_size for part in parts)
            swollen = any(
                part.file_size > 1_000_000
                and part.file_size > MOST_RATIO * max(1, part.compress_size)
                for part in parts
            )
            if total > MOST_BYTES or swollen or len(parts) > 10_000:
                raise ReadError(f"{name}：压缩文件展开后过大，可能有害，未打开")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if b"<!DOCTYPE" in stream.read(4096):
                            raise ReadError(f"{name}：文件中有DOCTYPE声明，未打开")
            return frozenset(archive.namelist())
    except DAMAGED_ARCHIVE:
        raise ReadError(f"{name}：不是可读的Word或Excel文件（压缩结构损坏）") from None
