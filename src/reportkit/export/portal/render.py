"""A document to a zip: the page's body for a content system, its metadata, Word, PDF, and a picture to share.

The files have the names under which portals offer them. Nothing in the archive tells of a day or a machine.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Mapping
from typing import Final

from reportkit.blocks.printable import printable
from reportkit.export.document import Document
from reportkit.export.formats import Other
from reportkit.export.portal.fragment import fragment
from reportkit.export.portal.picture import alternative, picture

BODY: Final = "正文.html"
METADATA: Final = "元数据.json"
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|.]')
"""Signs that no file's name may have somewhere; and the dot: what Windows keeps for devices ends before it."""
_LONGEST: Final = 200
"""Bytes of a name, of which most file systems take 255 with the ending."""


def render(document: Document, other: Other) -> bytes:
    """Return a document as the format ``portal`` has it: the same document and fonts give the same bytes."""
    name = _file_name(document.title)
    facts = metadata(document)
    files = {
        BODY: fragment(document, facts).encode(),
        METADATA: (json.dumps(facts, ensure_ascii=False, indent=2) + "\n").encode(),
        f"{name}.docx": other("docx"),
        f"{name}.pdf": other("pdf"),
        f"{name}.png": picture(document),
        f"{name}（图片说明）.txt": (alternative(document) + "\n").encode(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for each, content in files.items():
            entry = zipfile.ZipInfo(each, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()


def _file_name(title: str) -> str:
    """Return a title as a file's name on every system: nothing that is not seen, and no longer than names may be."""
    kept = _FORBIDDEN.sub("", printable(title)).strip()
    return kept.encode()[:_LONGEST].decode(errors="ignore")


def metadata(document: Document) -> Mapping[str, str]:
    """Return what portals show over a report, by its label; blank where it is not given."""
    report, given = document.report, document.portal
    day = report.published_on
    return {
        "索引号": given.index_no,
        "发布机构": report.town.issuer or report.town.name,
        "发布日期": day.isoformat() if day else "",
        "标题": document.title,
        "文号": given.doc_no,
        "主题分类": given.topic,
        "有效性": given.validity,
    }
