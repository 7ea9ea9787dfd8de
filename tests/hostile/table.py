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
    full: int = 0
    """How many there are at full scale, where that is more than were tried."""
    lost: list[str] = field(default_factory=list)
    """What should have been there afterwards and was not."""
    through: list[str] = field(default_factory=list)
    """What should not have had an effect and had one."""
    note: str = ""

    @property
    def clean(self) -> bool:
        return self.tried > 0 and not self.lost and not self.through


KINDS = (
    "injection",
    "opened",
    "notebooks",
    "bombs",
    "fuzz",
    "disguised",
    "kills",
    "machine",
    "load",
    "supply",
)
"""In this order they stand in the table."""
HEAD = "| kind | what | tried | lost | through | made | note |"
SUM = "Together: "
RULE = "|---|---|---|---|---|---|---|"


def print_rows(rows: Iterable[Row], made: str = "") -> str:
    """Return the table as Markdown, with its sum; ``made``: on which day."""
    return _table([_line(row, made) for row in rows])


def _table(lines: list[str]) -> str:
    counts = [line.split(" | ")[2:5] for line in lines]
    tried, lost, through = (
        sum(int(count.partition(" of ")[0].replace(",", "")) for count in column)
        for column in zip(*counts, strict=True)
    )
    whole = (
        f"{SUM}{len(lines)} rows, {tried:,} inputs and faults, {lost:,} lost, {through:,} through."
    )
    return "\n".join([HEAD, RULE, *lines, "", whole])


def _line(row: Row, made: str) -> str:
    tried = f"{row.tried:,}" + (f" of {row.full:,}" if row.full > row.tried else "")
    counts = f"{tried} | {len(row.lost)} | {len(row.through)}"
    return f"| {row.kind} | {row.what} | {counts} | {made} | {row.note} |"


def renewed(page: str, rows: Iterable[Row], made: str) -> str:
    """Return a page whose table has these rows in the place of those of the same name; the others stay."""
    before, _, rest = page.partition(HEAD + "\n")
    table, _, after = rest.partition(f"\n{SUM}")
    old = [line for line in table.splitlines()[1:] if line]
    lines = {_name(line): line for line in (*old, *(_line(row, made) for row in rows))}
    kept = sorted(lines, key=lambda name: KINDS.index(name[0]))
    return f"{before}{_table([lines[name] for name in kept])}\n{after.partition(chr(10))[2]}"


def _name(line: str) -> tuple[str, str]:
    kind, what, *_ = line.removeprefix("| ").split(" | ")
    return kind, what
