"""Typefaces: which of this machine's fonts print a document, found in a given order.

Official documents name 小标宋, 仿宋, 黑体 and 楷体 (GB/T 9704-2012). A PDF holds its fonts, so it needs them
here; where one is missing the next of its line stands in. The same fonts give the same bytes: which they
were, and their digests, go into the manifest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from reportkit.errors import RunError

_SERIF: Final = (
    "SimSun",
    "NSimSun",
    "宋体",
    "Songti SC",
    "STSong",
    "Noto Serif CJK SC",
    "Source Han Serif SC",
)
_SANS: Final = (
    *("SimHei", "黑体", "Microsoft YaHei", "Heiti SC", "STHeiti", "PingFang SC"),
    *("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei"),
)

CHOICES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "title": (
            "FZXiaoBiaoSong-B05S",
            "FZXiaoBiaoSong-B05",
            "方正小标宋简体",
            "方正小标宋_GBK",
            *_SERIF,
            *_SANS,
        ),
        "text": (
            "FangSong_GB2312",
            "仿宋_GB2312",
            "FangSong",
            "仿宋",
            "STFangsong",
            *_SERIF,
            *_SANS,
        ),
        "heading": (*_SANS, *_SERIF),
        "lead": (
            "KaiTi_GB2312",
            "楷体_GB2312",
            "KaiTi",
            "楷体",
            "STKaiti",
            "Kaiti SC",
            *_SERIF,
            *_SANS,
        ),
        "table": (*_SERIF, *_SANS),
        "figure": (*_SANS, *_SERIF),
    }
)
"""For each use the families that may serve, best first."""

MISSING: Final = (
    "no font with Chinese characters was found on this machine: install one (Debian: the package "
    "fonts-noto-cjk; Windows: 宋体 or 仿宋 under Settings, Fonts), or pip install 'reportkit[fonts]'"
)


@dataclass(frozen=True)
class Typefaces:
    """The families chosen for each use of :data:`CHOICES`, and where they came from."""

    families: Mapping[str, str]
    digests: Mapping[str, str]
    """SHA-256 of each font file, by family."""
    fonts: Any
    """What typst loads them from."""

    def __getitem__(self, use: str) -> str:
        return self.families[use]


@cache
def typefaces() -> Typefaces:
    """Return this machine's typefaces, looked for once.

    Raises :class:`~reportkit.errors.RunError` where none has Chinese characters.
    """
    import typst  # noqa: PLC0415  # for formats with fonts alone

    fonts = typst.Fonts(
        include_system_fonts=True, include_embedded_fonts=False, font_paths=_shipped()
    )
    files = {info.family: info.path for info in fonts.fonts() if info.weight <= 500 and info.path}
    chosen = {}
    for use, families in CHOICES.items():
        found = next((family for family in families if family in files), None)
        if found is None:
            raise RunError(MISSING)
        chosen[use] = found
    digests = {family: _digest(files[family]) for family in sorted(set(chosen.values()))}
    return Typefaces(MappingProxyType(chosen), MappingProxyType(digests), fonts)


def _shipped() -> list[Path]:
    """Return the folders of fonts that Python packages bring (the extra ``fonts``)."""
    from importlib.util import find_spec  # noqa: PLC0415

    spec = find_spec("noto_cjk_sans_otc")
    return [] if spec is None else [Path(place) for place in spec.submodule_search_locations or ()]


@cache
def _digest(path: str) -> str:
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
