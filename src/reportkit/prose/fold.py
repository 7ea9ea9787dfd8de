"""Folding: the one spelling in which labels are compared, whatever a page printed them in.

Width (NFKC), traditional characters, pinyin left behind by converters (鎮(zhèn)), spaces,
numbering and punctuation differ from page to page; the characters of a label do not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC

_NOT_HAN = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff]+")
_PAREN = re.compile(r"[(\[{【〔〈《][^()\[\]{}【】〔〕〈〉《》]*[)\]}】〕〉》]")
_NUMBERING = re.compile(r"(?<![第\u3400-\u9fff])[一二三四五六七八九十]{1,3}\s*[、.,．]")
_PINYIN = re.compile(
    r"(?<=[\u3400-\u9fff])\([a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ\u0300-\u030c]{1,7}\)", re.IGNORECASE
)
_RADICALS = str.maketrans(
    "⺊⺕⺠⺧⺩⺬⺮⺶⺼⻁⻄⻅⻆⻉⻊⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻞⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "卜彐民牛王示竹羊肉虎西见角贝足车長长门雨青韦页风飞食食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)
"""Radicals that PDF text layers hold for whole characters and that NFKC leaves."""
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


class _Simplified(dict[int, str]):
    """A translation table that asks OpenCC once for each character it meets."""

    def __missing__(self, point: int) -> str:
        char = chr(point)
        if 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF:
            char = _converter().convert(char)
        self[point] = char
        return char


_SIMPLIFIED = _Simplified()


@lru_cache(maxsize=1 << 12)
def fold(text: str) -> str:
    """Return the text in half width and simplified characters, without invisible marks and pinyin.

    >>> fold("規章（縣級無此項）１２件"), fold("鎮(zhèn)政府")
    ('规章(县级无此项)12件', '镇政府')
    """
    plain = width(text)
    simplified = plain.translate(_SIMPLIFIED)
    if simplified != plain:  # traditional indeed: now by words, 反覆 is 反复
        by_words = _converter().convert(plain)
        return by_words if len(by_words) == len(plain) else simplified
    return plain


def unspaced(text: str) -> str:
    """Return the text as :func:`fold` does, without any white space.

    >>> unspaced("２０２１ 年　报告")
    '2021年报告'
    """
    return re.sub(r"\s+", "", fold(text))


def columns(text: str) -> int:
    """Return how many columns of a fixed-width font a text takes: a Chinese character is as wide as two figures.

    >>> columns("共12条")
    6
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def width(text: str) -> str:
    """Do all that :func:`fold` does but turn traditional characters; as long as its result is."""
    return _PINYIN.sub(
        "", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text).translate(_RADICALS))
    )


@lru_cache(maxsize=1 << 14)
def core(text: str, *, notes: bool = False) -> str:
    """Return a label's Chinese characters alone: no numbering, spaces, punctuation or digits.

    What stands in brackets goes as well, unless ``notes`` is true.

    >>> core("（二）部分公开（区分处理的，只计这一情形）"), core("1. 属于国家秘密")
    ('部分公开', '属于国家秘密')
    """
    return core_of_folded(fold(text), notes=notes)


def core_of_folded(folded: str, *, notes: bool = False) -> str:
    """Do the same for text that has been folded already."""
    if notes:
        folded = re.sub(r"[(\[【〔]\s*(?:[一二三四五六七八九十]{1,3}|\d+)\s*[)\]】〕]", "", folded)
    else:
        for _ in range(3):
            folded, found = _PAREN.subn("", folded)
            if not found:
                break
    return _NOT_HAN.sub("", _NUMBERING.sub("", folded))
