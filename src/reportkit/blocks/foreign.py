"""What a cell of a user's own displayed: a picture, or HTML, sanitised."""

from __future__ import annotations

import base64
import binascii
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from reportkit.blocks.block import STRICT, Block, render
from reportkit.blocks.sanitise import clean_html, clean_svg
from reportkit.blocks.tables import Table
from reportkit.language import _

if TYPE_CHECKING:
    import pandas as pd

MediaType = Literal["image/png", "image/jpeg", "image/svg+xml"]

MOST_PIXELS: Final = 40_000_000
"""How many pixels a picture may have: an A3 page at 300 an inch has 17 million, and more may be a few bytes."""
LONGEST_SIDE: Final = 20_000
"""How long an SVG's side may be, in pixels."""

_SIDE = re.compile(r'\s(width|height|viewBox)="([^"]*)"')
_NUMBER = re.compile(r"\d+(?:\.\d*)?(?:e[+-]?\d+)?", re.IGNORECASE)
_SIGNATURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff"}
"""How a file of each type begins."""


@dataclass(frozen=True, slots=True, repr=False)
class Picture(Block):
    """A picture: PNG, JPEG, or SVG, which is sanitised.

    Raises :class:`ValueError` where the bytes are no such picture.
    """

    media_type: MediaType
    body: str
    """PNG and JPEG in Base64; SVG as text."""
    alt: str = "图"
    """The alternative text."""
    kind: Literal["picture"] = "picture"
    __pydantic_config__ = STRICT

    def __post_init__(self) -> None:
        if self.media_type == "image/svg+xml":
            cleaned = clean_svg(self.body).html
            if not cleaned.startswith("<svg"):
                raise ValueError(_("the picture is no SVG"))
            _bound_sides(cleaned)
            object.__setattr__(self, "body", cleaned)
            return
        try:
            content = base64.b64decode("".join(self.body.split()), validate=True)
        except binascii.Error:
            raise ValueError(_("the picture is not in Base64")) from None
        if not content.startswith(_SIGNATURES[self.media_type]):
            raise ValueError(_("the picture is no {media_type}", media_type=self.media_type))
        _bound_pixels(content)
        object.__setattr__(self, "body", base64.b64encode(content).decode("ascii"))

    @property
    def content(self) -> bytes:
        """Return the picture's bytes."""
        if self.media_type == "image/svg+xml":
            return self.body.encode()
        return base64.b64decode(self.body)

    @property
    def words(self) -> str:
        """Return the alternative text."""
        return self.alt

    def html(self) -> str:
        """Return the picture within the page: nothing is fetched."""
        return render("picture", block=self)


def _bound_pixels(content: bytes) -> None:
    """Refuse a picture that is small as a file and fills the memory when it is drawn."""
    from docx.image.image import Image  # noqa: PLC0415  # for a user's own pictures alone

    try:
        image = Image.from_file(io.BytesIO(content))
    except Exception as fault:  # noqa: BLE001  # it raises a bare Exception too, for a JPEG that is cut
        raise ValueError(_("the picture is damaged ({kind})", kind=type(fault).__name__)) from None
    if not image.px_width * image.px_height:
        raise ValueError(_("the picture is damaged ({kind})", kind="0 pixels"))
    if image.px_width * image.px_height > MOST_PIXELS:
        size = f"{image.px_width} × {image.px_height} pixels"
        raise ValueError(
            _(
                "the picture has {size}: more than {most:,} are not printed",
                size=size,
                most=MOST_PIXELS,
            )
        )


def drawn_sides(svg: str) -> tuple[float, float]:
    """Return the longest width and height that an SVG's first tag names, in pixels; 0 where it names none."""
    width = height = 0.0
    for name, value in _SIDE.findall(svg.partition(">")[0]):
        numbers = [float(number) for number in _NUMBER.findall(value)]
        if name == "viewBox":
            width, height = max([width, *numbers[2:3]]), max([height, *numbers[3:4]])
        elif name == "width":
            width = max([width, *numbers])
        else:
            height = max([height, *numbers])
    return width, height


def _bound_sides(svg: str) -> None:
    if any(side > LONGEST_SIDE for side in drawn_sides(svg)):
        raise ValueError(_("the drawing is longer than {most:,} pixels", most=LONGEST_SIDE))


@dataclass(frozen=True, slots=True, repr=False)
class ForeignHtml(Block):
    """HTML of a user's own, sanitised whoever makes the block: see :mod:`reportkit.blocks.sanitise`."""

    body: str
    table: Table | None = None
    """The same as a table, where it is one."""
    kind: Literal["foreign_html"] = "foreign_html"
    __pydantic_config__ = STRICT

    def __post_init__(self) -> None:
        object.__setattr__(self, "body", clean_html(self.body).html)

    @property
    def words(self) -> str:
        """Return the text without its tags."""
        from lxml import html  # noqa: PLC0415  # for foreign HTML alone

        return " ".join(
            html.fragment_fromstring(self.body, create_parent="div").text_content().split()
        )

    @property
    def data(self) -> pd.DataFrame | None:
        """Return the table's rows, where it is one."""
        return None if self.table is None else self.table.data

    def html(self) -> str:
        """Return the HTML in a frame that scrolls on small screens."""
        return render("foreign", block=self)
