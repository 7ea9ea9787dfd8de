"""Text that paper can hold: without the characters that steer a terminal, a bidirectional line or an encoder.

Word's XML knows no control characters, and PDF/A and PDF/UA know neither byte order marks nor characters of
private use, which stand for a different sign in every font.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, Final

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_NO_SHEET = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET: Final = 31
"""How long the name of Excel's sheets may be, in units of UTF-16."""
UNKNOWN_SIGN: Final = "□"
"""What stands for a character that means nothing without its font."""


def printable(text: str) -> str:
    r"""Return a text as paper can hold it.

    >>> printable("甲\u202e乙\x00丙\ufeff")
    '甲乙丙'
    """
    return _PRIVATE.sub(UNKNOWN_SIGN, _STEERING.sub("", text))


def sheet_name(text: str, taken: Collection[str]) -> str:
    """Return a text as the name of a sheet that Excel takes, and none of those ``taken`` has in either case.

    >>> sheet_name("附表：[甲]/乙", ()), sheet_name("a'", ("A",))
    ('附表：甲乙', 'a 2')
    """
    wanted = _NO_SHEET.sub("", printable(text)).strip() or "表"
    held = {"history", *(name.casefold() for name in taken)}  # Excel keeps the first for itself
    name, nth = _cut(wanted, LONGEST_SHEET), 1
    while name.casefold() in held:
        nth += 1
        name = f"{_cut(wanted, LONGEST_SHEET - 4)} {nth}"
    return name


def _cut(text: str, units: int) -> str:
    """Cut a text to so many units of UTF-16, by which Excel counts, and no sign in two."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", errors="ignore").strip()


def all_printable(value: Any) -> Any:
    """Return data with every text in them made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {all_printable(key): all_printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [all_printable(each) for each in value]
    return value
