"""The Chinese catalogue of the command line: ``python -m tests.catalogue`` compiles it, and adds messages that are new."""

from __future__ import annotations

import io
from datetime import UTC, datetime

import typer
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from reportkit.cli.main import build_app
from reportkit.files import write_whole
from reportkit.language import DOMAIN, FOLDER
from reportkit.language.help import messages

PO = FOLDER / "zh" / "LC_MESSAGES" / f"{DOMAIN}.po"
HEAD = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n"Language: zh\\n"\n\n'
"""No clock and no version stand in it: the same text gives the same bytes."""

KEYWORDS = {"_": None, "marked": None}


def marked() -> list[str]:
    """Return every message that is marked for translation, and every text of the help, each once."""
    found = list(messages(typer.main.get_command(build_app())))
    package = str(FOLDER.parent)
    for _, _, message, _, _ in extract_from_dir(package, [("**.py", "python")], keywords=KEYWORDS):
        found.append(message if isinstance(message, str) else message[0])
    return list(dict.fromkeys(found))


def catalogue() -> Catalog:
    """Return the catalogue as it is written by hand."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain=DOMAIN)


def compiled(held: Catalog) -> bytes:
    """Return what gettext reads: the same bytes for the same catalogue."""
    plain = Catalog(locale="zh", domain=DOMAIN, fuzzy=False, header_comment="")
    for entry in held:
        if entry.id:
            plain.add(entry.id, entry.string)
    plain.creation_date = plain.revision_date = datetime(2021, 1, 1, tzinfo=UTC)
    body = io.BytesIO()
    write_mo(body, plain)
    return body.getvalue()


def main() -> None:
    """Add new messages without a translation, drop those that are gone, and compile."""
    before, fresh = catalogue(), Catalog(locale="zh", domain=DOMAIN, fuzzy=False)
    for message in marked():
        held = before.get(message)
        fresh.add(message, held.string if held else "")
    body = io.BytesIO()
    write_po(body, fresh, width=0, omit_header=True, sort_output=True)
    write_whole(PO, HEAD + body.getvalue())
    write_whole(PO.with_suffix(".mo"), compiled(catalogue()))


if __name__ == "__main__":
    main()
