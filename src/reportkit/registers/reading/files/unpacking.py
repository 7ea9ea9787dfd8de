"""The archive that a workbook is: unpacked within bounds, and which part of it holds each sheet."""

from __future__ import annotations

import zipfile
from posixpath import join, normpath
from typing import Final

from lxml import etree

MOST_BYTES: Final = 1024**3
"""How large a part of a workbook may be when unpacked: more is a bomb."""
MOST_PARTS: Final = 5_000
MOST_RATIO: Final = 200
"""How many times its size a part of more than :data:`SMALL_PART` may unpack to; a register's sheet takes 30."""
SMALL_PART: Final = 16 * 1024**2
_BLOCK: Final = 1024**2


def bound_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that swells when it is unpacked; what it says of its sizes, reading it holds it to."""
    parts = archive.infolist()
    swollen = any(
        part.file_size > max(SMALL_PART, MOST_RATIO * part.compress_size) for part in parts
    )
    if swollen or len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_BYTES:
        raise ValueError("文件展开后过大，已放弃；请分成几个文件")


def read_part(archive: zipfile.ZipFile, part: str, rows: int | None = None) -> bytes:
    """Return a part; ``rows``: how many it may have."""
    content = bytearray()
    begun = 0
    with archive.open(part) as opened:
        while block := opened.read(_BLOCK):
            content += block
            begun += block.count(b"<row") + block.count(b":row") if rows is not None else 0
            if rows is not None and begun > rows:
                raise ValueError(f"超过Excel所能有的{rows:,}行，已放弃；请分成几个文件")
    return bytes(content)


def _parse(content: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(content, parser)


def parts_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the part that holds each sheet, by the sheet's name."""
    links = {
        link.get("Id"): str(link.get("Target"))
        for link in _parse(read_part(archive, "xl/_rels/workbook.xml.rels")).iter("{*}Relationship")
    }
    parts = {}
    for sheet in _parse(read_part(archive, "xl/workbook.xml")).iter("{*}sheet"):
        target = next(
            (links[v] for k, v in sheet.items() if str(k).endswith("}id") and v in links), None
        )
        if target is not None:
            part = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            parts[str(sheet.get("name"))] = part
    return parts
