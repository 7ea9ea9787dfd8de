"""The drawing engine: vl-convert, with no fonts but the one that the package ships.

Charts are measured with that font alone, so they come out the same on every machine; where the system's
font list can be kept out, measuring a text is also several times faster.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape

import vl_convert

from reportkit.blocks.printable import UNKNOWN_SIGN, all_printable

FONT: Final = "Reportkit Measure"
VEGA_LITE: Final = "5.20"
"""The version that Altair 5.5 writes."""

_FURTHER: Final = re.compile("[\U00010000-\U0010ffff]")
_VARIABLE: Final = "FONTCONFIG_FILE"


@cache
def warm_engine() -> None:
    """Start the JavaScript engine of this process, once; takes a few tenths of a second.

    It starts threads, so a process that forks does this after forking.
    """
    with as_file(files(__package__) / "fonts") as fonts:
        vl_convert.register_font_directory(str(fonts))
        with tempfile.TemporaryDirectory() as folder:
            only = Path(folder) / "fonts.conf"
            only.write_text(
                f"<?xml version='1.0'?><fontconfig><dir>{escape(str(fonts))}</dir></fontconfig>",
                "utf-8",
            )
            before = os.environ.get(_VARIABLE)
            os.environ[_VARIABLE] = str(only)  # read once, when the engine first measures a text
            try:
                _convert(
                    {
                        "mark": "text",
                        "data": {"values": [{}]},
                        "encoding": {"text": {"value": "年"}},
                    }
                )
            finally:
                if before is None:
                    del os.environ[_VARIABLE]
                else:
                    os.environ[_VARIABLE] = before


def convert(spec: Mapping[str, Any]) -> str:
    """Return a Vega-Lite specification as raw SVG. Data from an address are refused.

    The engine ends the whole process at a text that XML cannot hold, so such signs are taken out first. Where it
    shortens a text it may cut a sign of the further planes (rare characters, emoji) in two, and fails: then □ stands
    for each of them.
    """
    warm_engine()
    kept = all_printable(dict(spec))
    try:
        return _convert(kept)
    except ValueError:
        plain = json.loads(_FURTHER.sub(UNKNOWN_SIGN, json.dumps(kept, ensure_ascii=False)))
        if plain == kept:
            raise
        return _convert(plain)


def _convert(spec: Mapping[str, Any]) -> str:
    config = {**spec.get("config", {}), "font": FONT, "aria": False}
    return str(
        vl_convert.vegalite_to_svg(
            {**spec, "config": config}, vl_version=VEGA_LITE, allowed_base_urls=[]
        )
    )
