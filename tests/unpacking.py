"""Files taken apart, so that what stands compressed in them can be searched."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import pikepdf
import pypdfium2


def unpacked(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file's bytes, and those of all that it holds: parts of archives, streams and text of PDF."""
    yield name, content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.namelist():
                yield from unpacked(f"{name}/{part}", archive.read(part))
    elif content.startswith(b"%PDF-"):
        with pikepdf.open(io.BytesIO(content)) as pdf:
            for each, attached in pdf.attachments.items():
                yield f"{name}/{each}", attached.get_file().read_bytes()
            if pdf.Root.get("/Metadata") is not None:
                yield f"{name}/metadata", pdf.Root.Metadata.read_bytes()
            alts = [
                str(o.Alt) for o in pdf.objects if isinstance(o, pikepdf.Dictionary) and "/Alt" in o
            ]
            yield f"{name}/alternative texts", "\n".join(alts).encode()
        yield f"{name}/text", pdf_text(content).encode()


def pdf_text(content: bytes) -> str:
    """Return a PDF's text in the order in which it stands there."""
    pdf = pypdfium2.PdfDocument(content)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in pdf)
    finally:
        pdf.close()
