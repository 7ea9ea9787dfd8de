"""``python -m tests.bench.formats``: what each format costs a report, in seconds of processor and in kilobytes.

The reports are those of the sample county, each another, so that nothing is remembered from the one before.
"""

from __future__ import annotations

import time
from collections import Counter

from reportkit.export.document import Document, read_document
from reportkit.export.formats import OWN, Printer
from reportkit.notebook.view import View
from reportkit.sources.source import open_source
from tests.notebooks import executed

WANTED = 0.45
"""Seconds of processor that all formats together may take a report."""


def documents() -> list[Document]:
    """Return every report of the sample county that the public may have, as a document."""
    source = open_source("sample:")
    found = []
    for town in source.towns:
        for year in source.years(town):
            dossier = source.load(town, year)
            view = View(dossier, dossier.report.public(), "public")
            formats = tuple(form.name for form in OWN)
            found.append(read_document(executed(view), formats=formats))
    return found


def main() -> None:
    """Print a line a format, and one for all together."""
    first, *rest = documents()
    Printer(first).print("portal")  # libraries are imported and fonts found once a process
    Printer(first).print("xlsx")
    seconds = dict.fromkeys((form.name for form in OWN), 0.0)
    size: Counter[str] = Counter()
    for document in rest:
        printer = Printer(document)
        for form in OWN:
            started = time.process_time()
            size[form.name] += len(printer.print(form.name))
            seconds[form.name] += time.process_time() - started
    print(f"{len(rest)} reports; a report takes, beside those before it:")
    print("| format | seconds of processor | kB |")
    print("|---|---|---|")
    for form in OWN:
        print(
            f"| {form.name} | {seconds[form.name] / len(rest):.3f} | {size[form.name] / len(rest) / 1000:.0f} |"
        )
    every = sum(seconds.values()) / len(rest)
    print(
        f"| all | {every:.3f} (wanted: at most {WANTED}) | {size.total() / len(rest) / 1000:.0f} |"
    )


if __name__ == "__main__":
    main()
