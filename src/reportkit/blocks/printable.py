"""Text that paper can hold: without the characters that steer a terminal, a bidirectional line or an encoder.

Word's XML knows no control characters, and PDF/A and PDF/UA know neither byte order marks nor characters of
private use, which stand for a different sign in every font.
"""

from __future__ import annotations

import re
from typing import Any, Final

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
UNKNOWN_SIGN: Final = "□"
"""What stands for a character that means nothing without its font."""


def printable(text: str) -> str:
    r"""Return a text as paper can hold it.

    >>> printable("甲\u202e乙\x00丙\ufeff")
    '甲乙丙'
    """
    return _PRIVATE.sub(UNKNOWN_SIGN, _STEERING.sub("", text))


def all_printable(value: Any) -> Any:
    """Return data with every text in them made printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: all_printable(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [all_printable(each) for each in value]
    return value
