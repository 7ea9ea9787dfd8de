"""The id of a town, a county or a province: it names files and links on every system."""

from __future__ import annotations

import re
from typing import Final, Literal

from reportkit.language import _

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
    fault = fault_of(value)
    if fault is None:
        return value
    if fault == "shape":
        raise ValueError(
            _(
                "{value!r} is no id: a small letter, then small letters, digits and hyphens, 2 to 63 "
                "in all",
                value=value,
            )
        )
    other = value + "-town"
    if fault == "reserved":
        raise ValueError(
            _(
                "{value!r} is reserved for a file or folder of the output and cannot be an id; "
                "take another, such as {other!r}",
                value=value,
                other=other,
            )
        )
    raise ValueError(
        _(
            "{value!r} is reserved on Windows for a device and cannot be an id; "
            "take another, such as {other!r}",
            value=value,
            other=other,
        )
    )


def fault_of(value: str) -> Literal["shape", "reserved", "device"] | None:
    """Return why a text can be no id; ``None`` where it can."""
    if not _SHAPE.fullmatch(value):
        return "shape"
    if value in RESERVED:
        return "reserved"
    return "device" if value in DEVICES else None


def is_id(value: object) -> bool:
    """Say whether a value can be an id."""
    return isinstance(value, str) and fault_of(value) is None
