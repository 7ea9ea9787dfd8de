"""Foreign HTML and SVG: what acts or asks a network goes, what shows stays."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportkit.blocks.sanitise import clean_drawing, clean_html, clean_svg
from tests.markup import fragment

BASE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}<circle r="4" fill="red"/></svg>'
ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</script>",
    "<SCRIPT/src=//example.invalid>",
    "<b onclick=alert(1)>x</b>",
    "<img src=x onerror=alert(1)>",
    "<img src=https://example.invalid/p.png>",
    "<img srcset='https://example.invalid/p.png 1x'>",
    "<img src='data:image/svg+xml;base64,PHN2Zz4='>",
    "<iframe src=//example.invalid></iframe>",
    "<object data=//example.invalid></object><embed src=//example.invalid>",
    "<link rel=stylesheet href=//example.invalid><base href=//example.invalid>",
    "<meta http-equiv=refresh content='0;url=//example.invalid'>",
    "<form action=//example.invalid><input name=a><button>x</button></form>",
    "<a href='javascript:alert(1)'>x</a><a href=' jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='#s3'>x</a><p id=s3>x</p>",
    "<p style='background:url(https://example.invalid)'>x</p>",
    "<p style='background:u\\72l(https://example.invalid)'>x</p>",
    "<p style='background:image-set(\"https://example.invalid\" 1x)'>x</p>",
    "<p style='color:red;position:fixed;inset:0'>x</p>",
    "<style>@import url(https://example.invalid);p{background:url(https://example.invalid)}</style><p>x</p>",
    "<video src=//example.invalid poster=//example.invalid></video><audio src=//example.invalid>",
    "<table background=//example.invalid><tr><td>x</td></tr></table>",
    "<h1 class=band>内部核对稿</h1>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    BASE.format("<script>alert(1)</script>"),
    BASE.format("<image href='https://example.invalid/p.png'/>"),
    BASE.format("<image xlink:href='data:image/png;base64,AAAA'/>"),
    BASE.format("<use href='https://example.invalid/a.svg#a'/>"),
    BASE.format("<use xlink:href='https://example.invalid/a.svg#a'/>"),
    BASE.format("<rect fill='url(https://example.invalid/a.svg#a)'/>"),
    BASE.format("<rect fill='url(\"https://example.invalid/a.svg#a\")'/>"),
    BASE.format("<rect style='fill:url(https://example.invalid/a.svg#a)'/>"),
    BASE.format("<g style='background:url(https://example.invalid)'/>"),
    BASE.format(
        "<style>@import 'https://example.invalid';*{fill:url(https://example.invalid)}</style>"
    ),
    BASE.format("<foreignObject><img src='https://example.invalid'/></foreignObject>"),
    BASE.format("<a href='javascript:alert(1)'><text>x</text></a>"),
    BASE.format(
        "<animate attributeName='href' to='javascript:alert(1)'/><set attributeName='onload'/>"
    ),
    BASE.format("<feImage href='https://example.invalid'/>"),
    BASE.format("<rect onload='alert(1)'/>"),
]


def check_harmless(text: str) -> None:
    """Assert that nothing in a piece of HTML acts or asks any network."""
    tree = fragment(text)
    allowed = "https?://|mailto:|#own"
    for node in tree.iter():
        assert node.tag not in {
            "script",
            "style",
            "link",
            "iframe",
            "image",
            "base",
            "meta",
            "form",
            "h1",
        }
        for name, value in node.attrib.items():
            assert not name.startswith("on")
            assert name not in {"class", "srcset", "background", "action", "poster"}
            if name.endswith("href"):
                inside = any(parent.tag == "svg" for parent in node.iterancestors())
                assert re.match("#own" if inside and node.tag != "a" else allowed, value)
            if name == "src":
                assert re.match(r"data:image/(png|jpeg|gif|webp);base64,", value)
            if name == "id":
                assert re.fullmatch(r"own\d+-\d+", value)
            assert "url(" not in value.replace("url(#own", "")
            assert "\\" not in value


@pytest.mark.parametrize("raw", ATTACKS)
def test_attacks_do_nothing(raw: str) -> None:
    cleaned = clean_html(raw, 1)
    check_harmless(cleaned.html)
    assert clean_html(cleaned.html).html == cleaned.html
    if raw.startswith("<svg"):
        picture = clean_svg(raw, 1)
        check_harmless(picture.html)
        assert "<circle" in picture.html
        assert picture.left_out
        assert "example.invalid" not in clean_drawing(raw)


@given(
    raw=st.lists(st.sampled_from([*ATTACKS, "<p>", "</p>", "<svg>", "</svg>", "甲", "'", '"', "<"]))
)
def test_attacks_side_by_side_do_nothing(raw: list[str]) -> None:
    check_harmless(clean_html("".join(raw), 2).html)


def test_what_went_is_named() -> None:
    assert clean_html("<p onclick='x()'>甲<script>x()</script><img src=x></p>").left_out == (
        "onclick",
        "script",
        "src",
    )
    assert clean_html("<p>甲<b>乙</b></p>", 1).left_out == ()


def test_a_stylers_colours_are_on_its_cells() -> None:
    frame = pd.DataFrame({"项": ["甲", "乙"], "数": [1, 2]})
    styled = clean_html(frame.style.highlight_max(subset=["数"], color="#ffcc00").to_html(), 1)
    cells = fragment(styled.html).xpath("//td[contains(@style, 'background-color')]")
    assert [cell.text_content() for cell in cells] == ["2"]
    assert "<style" not in styled.html
    assert styled.left_out == ()
    again = clean_html(frame.style.highlight_max(subset=["数"], color="#ffcc00").to_html(), 1)
    assert again == styled  # although a Styler's own ids are drawn by lot


def test_an_svg_keeps_what_it_draws_with() -> None:
    raw = BASE.format(
        "<defs><linearGradient id='g' gradientUnits='userSpaceOnUse'><stop offset='0' stop-color='red'/>"
        "</linearGradient><clipPath id='c'><rect width='4' height='4'/></clipPath></defs>"
        "<g clip-path='url(#c)' transform='translate(1, 2)'><rect fill='url(#g)' width='4' height='4'/></g>"
    )
    svg = clean_svg(raw, 7).html
    ids = dict(re.findall(r'<(\w+) id="(own7-\d)"', svg))
    assert ids.keys() == {"linearGradient", "clipPath"}
    assert f'fill="url(#{ids["linearGradient"]})"' in svg
    assert f'clip-path="url(#{ids["clipPath"]})"' in svg
    assert 'transform="translate(1, 2)"' in svg


def test_signs_that_xml_cannot_hold_go() -> None:
    assert clean_svg("<svg><text>甲\x08\ufffe乙</text></svg>").html.count("甲乙") == 1
    assert clean_html("<p>甲\x00\u202e乙\tb\n</p>").html == "<p>甲乙\tb\n</p>"
