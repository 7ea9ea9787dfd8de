"""The id of a town, a county or a province: it names files and links on every system."""

from __future__ import annotations

import re
from typing import Final

_SHAPE: Final = re.compile(r"[a-z][a-z0-9-]{1,62}")

RESERVED: Final = frozenset(
    {"county", "counties", "compare", "data", "index", "internal", "manifest"}
)
"""Names that an output folder has for files and folders of its own."""

DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul"}
    | {f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)}
)
"""Names that Windows keeps for devices, whatever suffix a file has: nothing can be written to ``con.html``."""


def check_id(value: str) -> str:
    """Return an id as it is, or raise :class:`ValueError` that says what an id may be.

    >>> check_id("gulou")
    'gulou'
    """
    if not _SHAPE.fullmatch(value):
        raise ValueError(
            f"{value!r} is no id: a small letter, then small letters, digits and hyphens, 2 to 63 in all"
        )
    if value in RESERVED:
        raise ValueError(
            f"{value!r} is reserved for a file or folder of the output and cannot be an id; "
            f"take another, such as {value + '-town'!r}"
        )
    if value in DEVICES:
        raise ValueError(
            f"{value!r} is reserved on Windows for a device and cannot be an id; "
            f"take another, such as {value + '-town'!r}"
        )
    return value


def is_id(value: object) -> bool:
    """Say whether a value can be an id."""
    try:
        return isinstance(value, str) and bool(check_id(value))
    except ValueError:
        return False
