"""A claim: one number that prose states, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from reportkit.prose.content import TextPlace

ClaimKind = Literal["value", "change", "percentage", "same_as_last_year"]


@dataclass(frozen=True, slots=True)
class Claim:
    """One number of the prose, or a phrase that stands for one."""

    about: str | None
    """The fact's code or the cell's address; ``None``: none of them."""
    value: int | Decimal | None
    """The number, in the fact's unit; a percentage as printed (37.5); ``None`` for «same as last year»."""
    kind: ClaimKind
    sentence: str
    """Masked."""
    section: str
    place: TextPlace
    label: str = ""
    """The words right before the number: what it counts, as printed."""
    unit: str = ""
    year: int | None = None
    """The year that the sentence names for it, if it names one."""
    exact: bool = True
    """False for about, nearly, more than."""
    part_of: int | None = None
    """The position, among all claims, of the whole that this is a part of."""
    strength: int = 3
    """How surely the words state the whole of what was published: 3 to 1 by its name (channels.py), 0 for
    a website that stands for it where nothing else does, -1 for a part; 3 for all other facts."""

    @property
    def stated(self) -> bool:
        """Say whether it is an exact number of a fact or cell."""
        return self.about is not None and self.kind == "value" and self.exact
