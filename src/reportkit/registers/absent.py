"""A register that is said to be kept and that nobody has seen; :mod:`.presence` finds them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Absent:
    """A register of a town that nobody has seen: why, and where it was looked for."""

    why: str
    how: str
    file: str | None = None
    sheet: str | None = None
