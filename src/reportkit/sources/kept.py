"""What a county's office keeps of a body, as plain data: no figure of any report depends on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class Kept:
    """What a county's office keeps of a body, and what only its registers tell: each by reporting year."""

    texts: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    """Its prose by section, as the register has it, with placeholders."""
    rounds: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """What it handed in: a sentence a round, in Chinese."""
    published: Mapping[int, date] = field(default_factory=dict)
    """The day on which it published its report, as the office has noted it."""
    months: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """The applications received in each of the twelve months; years that its register does not cover are left out."""
