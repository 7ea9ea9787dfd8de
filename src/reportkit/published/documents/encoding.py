"""Encodings: the bytes of a page to its text, whatever encoding the page claims.

Chinese pages are UTF-8 or GB18030, and often say the one and are the other. What decodes without
an error and reads like Chinese is taken; the page's own declaration only decides the order.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from reportkit.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_-]{2,20})""", re.IGNORECASE
)
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "iso-8859-1": "cp1252",
}
_COMMON = re.compile("[的年一不了政府信息公开開本报報告数數第]")


def decode(data: bytes) -> str:
    """Return the text of a file's bytes.

    Raises :class:`ReadError` where no encoding fits, or where the bytes are no text at all.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return data.decode(name, errors="replace").lstrip("\ufeff")
    head = data[:4096]
    if b"\0" in head:
        return _wide(data)
    names = ["utf-8"]
    declared = _DECLARED.search(head)
    if declared:
        said = declared[1].decode("ascii").lower()
        names.append(_SUPERSETS.get(said, said))
    names += ["gb18030", "big5hkscs"]
    for name in dict.fromkeys(names):
        text = _strict(data, name)
        if text is not None and (name == "utf-8" or _COMMON.search(text) or text.isascii()):
            return text
    return _damaged(data)


def _wide(data: bytes) -> str:
    """Decode UTF-16 without a mark, known by its zero bytes."""
    for name in ("utf-16-le", "utf-16-be"):
        text = data.decode(name, errors="replace")
        if len(_COMMON.findall(text)) > len(text) // 100:
            return text
    raise ReadError("二进制文件，不是文本")


def _damaged(data: bytes) -> str:
    """Decode text with a few broken bytes, or in a rare encoding."""
    for name in ("utf-8", "gb18030"):
        text = data.decode(name, errors="replace")
        if text.count("\ufffd") <= 2 + len(text) // 500 and _COMMON.search(text):
            return text
    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise ReadError("无法判断文件的编码")
    return data.decode(best.encoding, errors="replace")


def _strict(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
