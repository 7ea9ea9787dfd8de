"""Masking: personal numbers that stand in free text by accident are covered before it is shown.

What is covered: resident identity numbers (checked by their check digit, GB 11643-1999), mobile and
landline telephone numbers, bank card numbers (checked by Luhn's digit), e-mail addresses and vehicle
plates. Source of the duty: Personal Information Protection Law (个人信息保护法).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def is_id_number(text: str) -> bool:
    """Say whether 18 characters are a resident identity number: a possible date and the right check digit.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    if not re.fullmatch(r"[1-9]\d{16}[\dXx]", text):
        return False
    month, day = int(text[10:12]), int(text[12:14])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    remainder = sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS, strict=False)) % 11
    return text[17].upper() == "10X98765432"[remainder]


def is_card_number(text: str) -> bool:
    """Say whether 16 to 19 digits are a bank card number by Luhn's check digit."""
    if not re.fullmatch(r"\d{16,19}", text):
        return False
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(text))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _id_end(text: str) -> int | None:
    return len(text) if is_id_number(_GAPS.sub("", text)) else None


def _card_end(text: str) -> int | None:
    """Return where a card number ends: at the end, or before a gap, where another number begins."""
    for end in (len(text), *(gap.start() for gap in _GAPS.finditer(text))):
        if is_card_number(_GAPS.sub("", text[:end])):
            return end
    return None


def _plate_end(text: str) -> int | None:
    """Say how long a plate is: it has a digit, else it is a name, such as 京ABCDEF."""
    return len(text) if any(ch.isdigit() for ch in text) else None


class _Fold(dict[int, str]):
    """Characters by their folded form of the same length, worked out once each."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKC", chr(code))
        self[code] = folded if len(folded) == 1 else chr(code)
        return self[code]


_FOLD = _Fold()
_LIKELY = re.compile("[0-9@＠]|[^\\W_a-zA-Z一-龥]")
"""A quick look: a text of Chinese characters, letters and marks alone holds no number of any script."""
_GAPS = re.compile(r"[ \u00a0-]")
_GAP = r"[ \u00a0-]?"
_ONE = r"(?<!\d)"
_END = r"(?!\d)"
_KINDS: tuple[tuple[str, re.Pattern[str], Callable[[str], int | None]], ...] = (
    # First, because a name or a number may be part of it.
    ("电子邮箱", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), len),
    ("身份证号", re.compile(_ONE + rf"[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx]" + _END), _id_end),
    ("银行卡号", re.compile(_ONE + rf"\d(?:{_GAP}\d){{15,18}}" + _END), _card_end),
    ("手机号", re.compile(_ONE + r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}" + _END), len),
    ("电话号码", re.compile(r"(?<![\d-])(?:\(0\d{2,3}\)|0\d{2,3})[ -]?[2-9]\d{6,7}" + _END), len),
    (
        "车牌号",
        re.compile(rf"[{_PROVINCES}][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{{5,6}}(?![\dA-Za-z])"),
        _plate_end,
    ),
)
"""Each kind with its pattern, and how long the number at its start is: ``None`` where there is none."""


def find_personal(text: str) -> list[tuple[str, str]]:
    """Return the personal numbers that stand in a text, as (kind, the text as written) pairs."""
    return [(kind, text[start:end]) for start, end, kind in _spans(text)]


def mask(text: str) -> str:
    """Cover every personal number in a text by ``［kind］``; other text stays as it is.

    >>> mask("联系人电话13800138000")
    '联系人电话［手机号］'
    """
    while spans := _spans(text):  # a number may be plain only once its neighbour is covered
        for start, end, kind in reversed(spans):
            text = f"{text[:start]}［{kind}］{text[end:]}"
    return text


def _spans(text: str) -> list[tuple[int, int, str]]:
    """Return the places of personal numbers, in order and without overlap.

    Full-width digits count as digits: each character is folded on its own, so places stay true.
    """
    if not _LIKELY.search(text):
        return []
    folded = text.translate(_FOLD)
    spans: list[tuple[int, int, str]] = []
    for kind, pattern, length in _KINDS:
        position = 0
        while match := pattern.search(folded, position):
            size = length(match.group())
            if size is None:
                position = match.start() + 1  # a number may begin inside what was none
                continue
            position = match.start() + size
            if not any(start < position and match.start() < end for start, end, _ in spans):
                spans.append((match.start(), position, kind))
    return sorted(spans)
