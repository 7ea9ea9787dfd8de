"""Markup, code and paths in every text that comes from outside, through every format."""

from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pikepdf
from lxml import etree, html

from reportkit.errors import ParameterError
from reportkit.export.document import Document, read_document
from reportkit.export.formats import OWN, Printer
from reportkit.ids import DEVICES, check_id
from reportkit.project.params import PortalEntry
from tests import dossiers
from tests.export.conftest import shown
from tests.hostile.table import Row
from tests.notebooks import executed

TEXTS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "<style>@import url(http://192.0.2.1/x.css)</style>",
    "[点这里](javascript:alert(1))",
    "![图](http://192.0.2.1/x.png)",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "</title></style></script><script>alert(1)</script>",
    "{{ 7*7 }}{% import os %}{{ self.__init__ }}",
    "{0.__class__}{town}%s%(town)s",
    "__import__('os').system('touch PWNED')",
    "!!python/object/apply:os.system ['touch PWNED']",
    '=HYPERLINK("http://192.0.2.1","x")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    '#read("/etc/hostname") #panic() $x$ #image("x.png")',
    "<w:fldSimple w:instr='DDEAUTO c:\\\\windows'/><w:hyperlink/>",
    "]]></w:t><w:t>",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "甲\u202e乙\u200b丙\ufeff丁\u2066戊",
    "甲\x00乙\x08丙\x1b[31m丁\x7f",
    "../../etc/passwd",
    "C:\\CON",
    "😀𠮷" * 20,
    "镇" * 300,
    "а" + "b" + "с",
    "NUL.",
)
"""Texts that do something where they are taken for code or markup."""

MOST_NAME = 255
"""Bytes of a file's name, on most file systems."""

WORDS = ("aria-label", "alt", "title")
"""Attributes that are read out and mean nothing else."""
IDS = (
    "../x",
    "/etc/passwd",
    "a\x00b",
    "con",
    "nul",
    "com1",
    "index",
    "manifest",
    "data",
    "county",
    "..",
    ".",
    "a" * 300,
    "镇",
    "а-bc",
    "A1",
    "a b",
    "a/b",
    "a\\b",
    "😀",
    "-a",
    "1a",
    "",
)
"""Ids that may name no file."""


def injection_rows() -> Iterator[Row]:
    """Yield a row a format, and one for ids."""
    documents = [with_text(text) for text in TEXTS]
    for form in OWN:
        row = Row("injection", f"hostile texts into {form.name}")
        for text, document in zip(TEXTS, documents, strict=True):
            row.tried += 1
            content = Printer(document).print(form.name)
            row.through += [f"{text[:30]!r}: {fault}" for fault in faults_of(form.suffix, content)]
        yield row
    ids = Row("injection", "ids that would name a file outside or a device")
    for hostile in IDS:
        ids.tried += 1
        try:
            check_id(hostile)
        except (ParameterError, ValueError):
            continue
        ids.through.append(hostile)
    yield ids


def with_text(text: str) -> Document:
    """Return a document with a hostile text wherever texts come from outside."""
    whole = dossiers.dossier()
    one_line = " ".join(text.replace("\x00", "").split())
    report = whole.report.with_(
        town=whole.report.town.model_copy(
            update={"name": one_line + "镇", "county": one_line[:40], "issuer": one_line}
        ),
        sections={
            code: f"（一）{text}。\n\n- {text}\n\n{body}"
            for code, body in whole.report.sections.items()
        },
    )
    portal = PortalEntry(index_no=text, doc_no=text, topic=text, validity=text)
    return read_document(executed(shown(replace(whole, report=report))), draft=True, portal=portal)


def faults_of(suffix: str, content: bytes) -> Iterator[str]:
    """Yield what would run, fetch or act in a file of a format."""
    match suffix:
        case ".html":
            yield from _html_faults(content)
        case ".pdf":
            yield from _pdf_faults(content)
        case ".docx" | ".xlsx":
            yield from _office_faults(content)
        case ".zip" | "-portal.zip":
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for name in archive.namelist():
                    if name.startswith("/") or ".." in name.split("/"):
                        yield f"the archive's member {name!r} leaves its folder"
                    if name.endswith(".html"):
                        yield from _html_faults(archive.read(name))
        case _:
            pass


def _name_faults(name: str) -> Iterator[str]:
    """Yield what is wrong with the name of an archive's member, on any system."""
    if re.search(r'[\\/:*?"<>|]', name) or name.startswith("."):
        yield f"the archive's member {name!r} leaves its folder"
    if any(unicodedata.category(sign) in ("Cc", "Cf") for sign in name):
        yield f"the archive's member {name!r} shows as another"
    if len(name.encode()) > MOST_NAME:
        yield f"the archive's member {name!r} is too long a name"
    if name.split(".", maxsplit=1)[0].strip().lower() in DEVICES:
        yield f"the archive's member {name!r} is a device"


def _html_faults(content: bytes) -> Iterator[str]:
    root = html.fromstring(content)
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        if node.tag in ("script", "iframe", "object", "embed", "base", "form", "link"):
            yield f"<{node.tag}> stands in the page"
        for name, value in ((str(n), str(v)) for n, v in node.attrib.items()):
            if name.startswith("on"):
                yield f"the attribute {name}"
            if node.tag == "a" and name == "href" and re.match(r"https?://", value):
                continue  # a link asks for nothing until somebody follows it
            if name in ("href", "src", "action", "xlink:href") and not re.match(
                r"#|\.{0,2}/?[\w./-]*$|data:image/(png|jpeg);", value
            ):
                yield f"{name}={value[:40]!r}"
            if name not in WORDS and "url(" in value.replace("url(#", ""):
                yield f"{name} asks for an address"


def _office_faults(content: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if "vba" in name.lower() or name.endswith(".bin"):
                yield f"macro or binary part {name}"
            if not name.endswith((".xml", ".rels")):
                continue
            try:
                tree: Any = etree.fromstring(archive.read(name))
            except etree.XMLSyntaxError as fault:
                yield f"{name} is no XML: {fault}"
                continue
            for node in tree.iter():
                if node.get("TargetMode") == "External":
                    yield f"external link {node.get('Target')}"
                local = etree.QName(node).localname if isinstance(node.tag, str) else ""
                words = (node.text or "").strip().upper()
                if local == "instrText" and words != "PAGE":
                    yield f"field {node.text!r}"
                if local == "f" and re.search(r"HYPERLINK|CMD\||DDE|WEBSERVICE", words):
                    yield f"formula {node.text!r}"
                if local in ("fldSimple", "altChunk", "control", "oleObject"):
                    yield f"<{local}>"


def _pdf_faults(content: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary):
                for key in (
                    "/JS",
                    "/JavaScript",
                    "/Launch",
                    "/URI",
                    "/OpenAction",
                    "/AA",
                    "/RichMedia",
                ):
                    if key in thing or thing.get("/S") == key:
                        yield f"{key} in the PDF"
