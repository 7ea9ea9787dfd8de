"""The registry of formats: a format is a name, a suffix, a media type, and one function from a document to bytes.

Publishing, manifest, index, ``--format`` and ``--dry-run`` walk over it and know no format by name. This
package's own stand below; anybody else's is found by the entry point group ``reportkit.formats``, whose
entries name a :class:`Format`::

    [project.entry-points."reportkit.formats"]
    words = "my_package.words:FORMAT"

    FORMAT = Format("words", ".txt", "text/plain", lambda document, other: document.title.encode())

This module imports no format: one is imported when a file of it is made.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, Final

from reportkit.errors import ParameterError, RunError, nearest
from reportkit.language import _

if TYPE_CHECKING:
    from reportkit.export.document import Document

GROUP: Final = "reportkit.formats"
"""The entry point group of formats of others."""

ALWAYS: Final = ("html", "json")
"""The formats that every report is made in, besides the executed notebook."""

NOTEBOOK: Final = "ipynb"
"""What people may ask for too, and always get: the executed notebook is no rendering of the document."""

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")
_SUFFIX: Final = re.compile(r"(?:-[a-z0-9]+)?(?:\.[a-z0-9]+)+")
_TAKEN: Final = (".ipynb", ".failed.ipynb")

Other = Callable[[str], bytes]
"""Gives the same document's bytes in another format; they are made once."""

Render = Callable[["Document", Other], bytes]


@dataclass(frozen=True)
class Format:
    """One format.

    The same document gives the same bytes, on every machine and on every day. A public document's bytes hold no
    finding. What ``render`` raises fails that report alone.
    """

    name: str
    """What ``--format`` calls it: a small letter, then small letters, digits, ``-`` and ``_``."""
    suffix: str
    """How its files' names end after the town's id: ``.docx``, ``-portal.zip``."""
    media_type: str
    render: Render
    label: str = ""
    """What the index calls it, in Chinese; empty: the name in capitals."""
    libraries: tuple[str, ...] = ()
    """The distributions whose version decides on the bytes: a report is made again when one changes."""

    @property
    def title(self) -> str:
        """Return what the index calls it."""
        return self.label or self.name.upper()


def by(place: str) -> Render:
    """Return the function of a place such as ``reportkit.export.html:render``, imported when it is called."""

    def render(document: Document, other: Other) -> bytes:
        module, _, name = place.partition(":")
        return bytes(getattr(import_module(module), name)(document, other))

    return render


OWN: Final[tuple[Format, ...]] = (
    Format("html", ".html", "text/html", by("reportkit.export.html:render"), "网页"),
    Format("json", ".json", "application/json", by("reportkit.export.report_json:render"), "数据"),
    Format(
        "docx",
        ".docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        by("reportkit.export.word.render:render"),
        "Word",
        ("python-docx", "typst"),
    ),
    Format(
        "pdf",
        ".pdf",
        "application/pdf",
        by("reportkit.export.pdf.render:render"),
        "PDF",
        ("typst",),
    ),
    Format(
        "xlsx",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        by("reportkit.export.excel.render:render"),
        "Excel",
        ("xlsxwriter",),
    ),
    Format(
        "portal",
        "-portal.zip",
        "application/zip",
        by("reportkit.export.portal.render:render"),
        "门户网站用",
        ("python-docx", "typst"),
    ),
)
"""The formats that this package makes, in the order in which they are named."""


def names() -> tuple[str, ...]:
    """Return the names of all formats that are installed."""
    others = sorted(_others().keys() - {form.name for form in OWN})
    return (*(form.name for form in OWN), *others)


@cache
def find_format(name: str) -> Format:
    """Return a format by its name.

    Raises :class:`~reportkit.errors.ParameterError` where there is none, or where somebody's entry point does
    not give one.
    """
    own = next((form for form in OWN if form.name == name), None)
    if own is not None:
        return own
    entry = _others().get(name)
    if entry is None:
        raise ParameterError(
            _(
                "there is no format {name!r}{near}",
                name=name,
                near=nearest(name, (*names(), NOTEBOOK)),
            )
        )
    return _loaded(entry)


def parse_formats(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the formats to make: those of always first, then those asked for, each once.

    Raises :class:`~reportkit.errors.ParameterError` for an unknown one, and for two that would make one file.

    >>> parse_formats(["ipynb", "html"])
    ('html', 'json')
    """
    chosen = dict.fromkeys([*ALWAYS, *sorted(n for n in wanted if n != NOTEBOOK)])
    suffixes: dict[str, str] = {}
    for name in chosen:
        suffix = find_format(name).suffix
        if suffix in suffixes:
            raise ParameterError(
                _(
                    "the formats {other} and {name} both make {suffix}",
                    other=suffixes[suffix],
                    name=name,
                    suffix=suffix,
                )
            )
        suffixes[suffix] = name
    return tuple(chosen)


class Printer:
    """Prints one document in any format, and each format once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._made: dict[str, bytes] = {}
        self._making: list[str] = []

    def print(self, name: str) -> bytes:
        """Return the document in a format.

        Raises :class:`~reportkit.errors.RunError` where formats ask for one another in a circle.
        """
        if name not in self._made:
            if name in self._making:
                raise RunError(
                    _(
                        "formats ask for one another: {names}",
                        names=" -> ".join((*self._making, name)),
                    )
                )
            self._making.append(name)
            try:
                self._made[name] = find_format(name).render(self._document, self.print)
            finally:
                self._making.pop()
        return self._made[name]


def _others() -> Mapping[str, EntryPoint]:
    return {entry.name: entry for entry in entry_points(group=GROUP)}


def _loaded(entry: EntryPoint) -> Format:
    try:
        form = entry.load()
    except Exception as fault:  # noqa: BLE001  # whatever somebody's module raises
        raise ParameterError(
            _(
                "the format {name!r} ({value}) cannot be loaded: {fault!r}",
                name=entry.name,
                value=entry.value,
                fault=fault,
            )
        ) from None
    if not isinstance(form, Format) or form.name != entry.name or not _NAME.fullmatch(form.name):
        raise ParameterError(
            _(
                "the entry point {name!r} ({value}) gives no format of that name",
                name=entry.name,
                value=entry.value,
            )
        )
    if not _SUFFIX.fullmatch(form.suffix) or form.suffix in _TAKEN:
        raise ParameterError(
            _(
                "the format {name!r} cannot have the suffix {suffix!r}",
                name=form.name,
                suffix=form.suffix,
            )
        )
    return form
