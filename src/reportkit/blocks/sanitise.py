"""HTML and SVG of somebody else made harmless: nothing in them acts, and nothing asks any network.

nh3 does it, by the lists of :mod:`reportkit.blocks.allowed`; what they do not name is left out, and said to be. Beyond its lists:

* a value that CSS reads (a style, a presentation attribute of SVG) may call only functions of colour and
  transformation, and ``url()`` only to a ``#fragment`` of the same piece;
* ``data:`` stands only in the ``src`` of ``img``, and only for raster images;
* ``href`` inside SVG points to a ``#fragment`` alone, and so does every link that is no http, https or mailto;
* ids are numbered anew (``own2-1``), so that none is that of a place of the page; classes are left out.

Styles of a ``<style>`` are first laid onto the elements that they are for, as pandas' Styler needs it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Final

from reportkit.blocks.allowed import (
    CALLS,
    DRAWING,
    DROPPED_WHOLE,
    PAINT,
    PROPERTIES,
    TEXT,
    attributes_of,
)
from reportkit.blocks.printable import printable

_RASTER: Final = re.compile(r"data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/=\s]+")
_LINK: Final = re.compile(r"(?:https?://|mailto:)[^\s\x00-\x1f]+", re.IGNORECASE)
_DRAWN: Final = frozenset({"class", "aria-hidden"})
"""What our own drawings have besides."""
_OWN: Final = re.compile(r"(?:own|d)\d+-\d+")
_CALL: Final = re.compile(r"([\w-]*)\(")
_FRAGMENT: Final = re.compile(r"url\(\s*([\"']?)#([^\s\"')]+)\1\s*\)")

_STYLE_TAG: Final = re.compile(r"<style\b", re.IGNORECASE)
_TITLE_TAG: Final = re.compile(r"<(/?)h[12](?=[\s>])")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What is left of a piece of HTML."""

    html: str
    left_out: tuple[str, ...] = ()
    """The names of elements and attributes that went, sorted."""


def clean_html(raw: str, number: int | None = None) -> Cleaned:
    """Return a piece of HTML made harmless; its headings rank below those of the report.

    ``number`` is its place among the pieces of a page and makes its ids its own; without it only ids
    that have been numbered stay. Cleaning twice changes nothing more.

    >>> clean_html("<p onclick='x()'>甲<script>x()</script></p>")
    Cleaned(html='<p>甲</p>', left_out=('onclick', 'script'))
    """
    inlined, lost = _inline(raw) if _STYLE_TAG.search(raw) else (raw, ())
    cleaned, left_out = _clean(inlined, TEXT | DRAWING, number)
    return Cleaned(_TITLE_TAG.sub(r"<\1h3", cleaned), tuple(sorted({*left_out, *lost})))


def clean_svg(raw: str, number: int | None = None) -> Cleaned:
    """Return an SVG made harmless, as it stands inside HTML; empty where there is none."""
    start = raw.find("<svg")
    cleaned, left_out = _clean(raw[max(start, 0) :], DRAWING, number)
    if not cleaned.startswith("<svg"):
        return Cleaned("", left_out)
    return Cleaned(_scalable(cleaned.strip()), left_out)


def clean_drawing(svg: str) -> str:
    """Return a drawing of our engine from somebody else's specification, without links and pictures.

    It keeps the classes and the numbered ids that our engine gave it.
    """
    return _scalable(_clean(svg, DRAWING, None, _DRAWN)[0])


def _inline(raw: str) -> tuple[str, tuple[str, ...]]:
    """Lay the rules of style sheets onto their elements; where they cannot be read they are left out."""
    import css_inline  # noqa: PLC0415  # for foreign HTML alone

    inliner = css_inline.CSSInliner(load_remote_stylesheets=False)
    try:
        return str(inliner.inline_fragment(raw, "")), ()
    except (css_inline.InlineError, ValueError):
        return raw, ("style",)


class _Filter:
    """Judges attributes, for one piece of HTML."""

    def __init__(self, number: int | None) -> None:
        self._number = number
        self._ids: dict[str, str] = {}
        self.refused: set[str] = set()

    def __call__(self, tag: str, name: str, value: str) -> str | None:
        """Return the value that an attribute may have, ``None`` for none."""
        kept = self._judge(tag, name, value)
        if kept is None and not (name == "id" and self._number is None):
            self.refused.add(name)
        return kept

    def _judge(self, tag: str, name: str, value: str) -> str | None:
        if name == "id":
            return self._id(value)
        if name == "headers":
            return " ".join(filter(None, map(self._id, value.split())))
        if name == "src":
            return value if tag == "img" and _RASTER.fullmatch(value) else None
        if name == "href":
            return self._href(tag, value)
        if name == "style" or name in PAINT or name.endswith("ransform"):
            return self._css(name, value)
        return value

    def _href(self, tag: str, value: str) -> str | None:
        if value.startswith("#"):
            own = self._id(value[1:])
            return None if own is None else f"#{own}"
        return value if tag == "a" and _LINK.fullmatch(value) else None

    def _css(self, name: str, value: str) -> str | None:
        if "\\" in value or "/*" in value or "@" in value:  # what hides a call from the eye
            return None
        own = _FRAGMENT.sub(lambda found: f"url(#{self._id(found[2]) or 'own0-0'})", value)
        inside = own if name == "style" else _FRAGMENT.sub("", own)
        called = {call.lower() for call in _CALL.findall(inside)}
        return own if called <= CALLS else None

    def _id(self, value: str) -> str | None:
        if self._number is None:
            return value if _OWN.fullmatch(value) else None
        return self._ids.setdefault(value, f"own{self._number}-{len(self._ids) + 1}")


def _clean(
    raw: str, tags: frozenset[str], number: int | None, also: frozenset[str] = frozenset()
) -> tuple[str, tuple[str, ...]]:
    import nh3  # noqa: PLC0415  # for foreign HTML alone

    raw = printable(raw)  # Word, PDF and the engine that draws take no sign that XML cannot hold
    judge = _Filter(number)
    cleaned = nh3.clean(
        raw,
        tags=set(tags),
        clean_content_tags=set(DROPPED_WHOLE),
        attributes={tag: set(names) for tag, names in attributes_of(tags, also).items()},
        attribute_filter=judge,
        filter_style_properties=set(PROPERTIES),
        url_schemes={"http", "https", "mailto", "data"},
    )
    census = _Census(tags)
    census.feed(raw)
    census.close()
    return cleaned.strip(), tuple(sorted(census.left_out | judge.refused))


class _Census(HTMLParser):
    """Names what stands in a piece of HTML and may not; classes and data attributes are not worth a word."""

    def __init__(self, tags: frozenset[str]) -> None:
        super().__init__()
        self._tags = {tag.lower() for tag in tags}
        self._of = {
            tag.lower(): {name.lower() for name in names}
            for tag, names in attributes_of(tags).items()
        }
        self.left_out: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self._tags:
            self.left_out.add(tag)
            return
        for name, _ in attrs:
            if name not in self._of[tag] and name.startswith(("on", "src", "action", "xlink")):
                self.left_out.add(name)


def _scalable(svg: str) -> str:
    """Let a page scale an SVG down, and not up: a view box where there is none, its width as the greatest."""
    head, close, rest = svg.partition(">")
    width, height = _pixels(head, "width"), _pixels(head, "height")
    if width is not None and height is not None and "viewBox=" not in head:
        head += f' viewBox="0 0 {width} {height}"'
    if width is not None and "style=" not in head:
        head += f' style="max-width:{width}px"'
    return f"{head}{close}{rest}"


def _pixels(head: str, name: str) -> str | None:
    found = re.search(rf' {name}="(\d+(?:\.\d+)?)(?:px|pt)?"', head)
    return found[1] if found else None
