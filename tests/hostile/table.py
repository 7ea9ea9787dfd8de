"""What was tried, how often, what was lost and what got through: one row a kind of fault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Row:
    """One kind of fault, counted while it is caused."""

    kind: str
    what: str
    tried: int = 0
    lost: list[str] = field(default_factory=list)
    """What should have been there afterwards and was not."""
    through: list[str] = field(default_factory=list)
    """What should not have had an effect and had one."""
    note: str = ""

    @property
    def clean(self) -> bool:
        return self.tried > 0 and not self.lost and not self.through


def print_rows(rows: Iterable[Row]) -> str:
    """Return the table as Markdown."""
    lines = [
        "| kind | what | tried | lost | through | note |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.kind} | {row.what} | {row.tried:,} | {len(row.lost)} | {len(row.through)} | {row.note} |"
        for row in rows
    ]
    return "\n".join(lines)
