"""What a helper gives back: one piece of the report, in every form that a front end may draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import jinja2

from reportkit.registers.derivation.narrative import number

HTML = "text/html"
MARKDOWN = "text/markdown"
VEGA_LITE = "application/vnd.vegalite.v5+json"


@dataclass(frozen=True, eq=False)
class Fragment:
    """A piece of the report.

    IPython asks it for its MIME bundle; without one that it can draw, a front end shows ``words``.
    """

    bundle: Mapping[str, Any]
    words: str = ""

    def __repr__(self) -> str:
        return self.words or "（无内容）"

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        return dict(self.bundle)


NOTHING = MappingProxyType[str, Any]({})
"""The bundle of a fragment that does not show in the report."""


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reportkit.notebook"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters["amount"] = number
    return environment


def render(template: str, words: str, **values: object) -> Fragment:
    """Return an HTML fragment made by a template of this package; every value is escaped."""
    html = _templates().get_template(f"{template}.html.j2").render(values)
    return Fragment({HTML: html.strip()}, words)


def sentence(text: str) -> Fragment:
    """Return one sentence where there is too little for a chart or a table."""
    return render("sentence", text, text=text)


def markdown(text: str) -> Fragment:
    """Return prose as Markdown."""
    return Fragment({MARKDOWN: text}, text)
