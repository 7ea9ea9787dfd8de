"""Blocks of words: a heading, prose, one sentence, the sign-off, and the masthead."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from reportkit.blocks.block import BLOCK, MARKDOWN, STRICT, Block, lab_style, render


@dataclass(frozen=True, slots=True, repr=False)
class Heading(Block):
    """A heading. One of level 2 opens a section of the report; a deeper one stands inside.

    >>> Heading("附：说明").opens
    ('', '附：说明')
    """

    text: str
    anchor: str = ""
    """The id by which the page's contents link to it; empty: the page numbers it."""
    level: Literal[2, 3, 4] = 2
    kind: Literal["heading"] = "heading"
    __pydantic_config__ = STRICT

    @property
    def words(self) -> str:
        """Return the text."""
        return self.text

    @property
    def opens(self) -> tuple[str, str] | None:
        """Return the section that it opens."""
        return (self.anchor, self.text) if self.level == 2 else None

    def html(self) -> str:
        """Return nothing for a section's heading: whoever prints the section prints it."""
        return "" if self.level == 2 else render("subheading", text=self.text, level=self.level)


@dataclass(frozen=True, slots=True, repr=False)
class Prose(Block):
    """Markdown, with the heading of the section that it opens, if it opens one."""

    text: str
    title: str = ""
    anchor: str = ""
    kind: Literal["prose"] = "prose"
    __pydantic_config__ = STRICT

    @property
    def words(self) -> str:
        """Return the Markdown, heading included."""
        return f"## {self.title}\n\n{self.text}" if self.title else self.text

    @property
    def opens(self) -> tuple[str, str] | None:
        """Return the section that it opens."""
        return (self.anchor, self.title) if self.title else None

    def html(self) -> str:
        """Return the prose as HTML, raw HTML in it escaped."""
        from reportkit.blocks.markdown import render_prose  # noqa: PLC0415  # notebooks do not need it

        return render_prose(self.text, headed=False)

    @property
    def bundle(self) -> dict[str, Any]:
        """Return Markdown, which JupyterLab draws itself, beside the data."""
        return {MARKDOWN: self.words, BLOCK: self.to_json()}


@dataclass(frozen=True, slots=True, repr=False)
class Note(Block):
    """One sentence, where there is too little for a chart or a table."""

    text: str
    kind: Literal["note"] = "note"
    __pydantic_config__ = STRICT

    @property
    def words(self) -> str:
        """Return the sentence."""
        return self.text

    def html(self) -> str:
        """Return a paragraph."""
        return render("sentence", text=self.text)


@dataclass(frozen=True, slots=True, repr=False)
class SignOff(Block):
    """Who issues the report, and when (落款)."""

    issuer: str
    date: dt.date | None = None
    blank: bool = False
    """Print a blank date to fill in where there is none."""
    kind: Literal["sign_off"] = "sign_off"
    __pydantic_config__ = STRICT

    @property
    def day(self) -> str:
        """Return the day as documents write it; empty where it is not known."""
        return f"{self.date.year}年{self.date.month}月{self.date.day}日" if self.date else ""

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines that paper has: the issuer, and the day or room to write it in."""
        day = self.day or ("    年  月  日" if self.blank else "")
        return tuple(line for line in (self.issuer, day) if line)

    @property
    def words(self) -> str:
        """Return issuer and day."""
        return f"{self.issuer} {self.day}".strip()

    def html(self) -> str:
        """Return both, at the right."""
        return render("sign_off", block=self)


@dataclass(frozen=True, slots=True, repr=False)
class Masthead(Block):
    """The report's title and what is said over it."""

    town: str
    county: str
    year: int | None
    internal: bool = False
    draft: tuple[str, ...] = ()
    """Why it is a draft; empty where it is none."""
    illustrative: bool = False
    title: str = ""
    """The whole title of what is no report of one body, such as a comparison."""
    kind: Literal["masthead"] = "masthead"
    __pydantic_config__ = STRICT

    @property
    def words(self) -> str:
        """Return the title."""
        if self.title:
            return self.title
        county = "" if self.town.startswith(self.county) else self.county
        return f"{county}{self.town}{self.year}年政府信息公开工作年度报告"

    def html(self) -> str:
        """Return the masthead as JupyterLab shows it, with the style sheet for what follows."""
        return render("masthead", block=self, style=lab_style())


@dataclass(frozen=True, slots=True, repr=False)
class Nothing(Block):
    """What a helper gives back that shows nothing; it leaves nothing in the notebook either."""

    reason: str
    kind: Literal["nothing"] = "nothing"

    @property
    def words(self) -> str:
        """Return why there is nothing."""
        return self.reason

    def html(self) -> str:
        """Return nothing."""
        return ""

    @property
    def bundle(self) -> dict[str, Any]:
        """Return nothing."""
        return {}
