"""What a run did, for programs and as the one line that ends it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reportkit.language import _
from reportkit.manifest import Manifest


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    attempts: Counter[str]
    """How many reports were made this time, by the outcome's status."""
    skipped: int
    """How many were up to date."""
    manifest: Manifest
    index: str
    """Where the index is."""

    @property
    def exit_code(self) -> int:
        """0, or 1 where a report failed or was refused."""
        return 1 if self.attempts["failed"] or self.attempts["refused"] else 0

    def line(self) -> str:
        """Return the one line that ends a run."""
        made = self.attempts["ok"]
        parts = [
            _("{count} reports", count=made + self.skipped),
            _("{count} failed", count=self.attempts["failed"]),
        ]
        if self.attempts["refused"]:
            refused = self.attempts["refused"]
            parts.append(_("{count} refused as drafts (see --audience internal)", count=refused))
        if self.skipped:
            parts.append(_("{count} were up to date", count=self.skipped))
        return _("{parts}; index: {index}", parts=_(", ").join(parts), index=self.index)
