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


HEAD = "| kind | what | tried | lost | through | made | note |"


def print_rows(rows: Iterable[Row], made: str = "") -> str:
    """Return the table as Markdown; ``made``: on which day and at which scale."""
    return "\n".join([HEAD, "|---|---|---|---|---|---|---|", *(_line(row, made) for row in rows)])


def _line(row: Row, made: str) -> str:
    counts = f"{row.tried:,} | {len(row.lost)} | {len(row.through)}"
    return f"| {row.kind} | {row.what} | {counts} | {made} | {row.note} |"


def renewed(page: str, rows: Iterable[Row], made: str) -> str:
    """Return a page whose table has these rows in the place of those of the same name; the others stay."""
    before, _, table = page.partition(HEAD + "\n")
    lines = {_name(line): line for line in table.splitlines()[1:] if line.startswith("| ")}
    lines |= {_name(line): line for line in (_line(row, made) for row in rows)}
    order = list(dict.fromkeys(kind for kind, _ in lines))
    kept = sorted(lines, key=lambda name: order.index(name[0]))
    return "\n".join(
        [f"{before}{HEAD}", "|---|---|---|---|---|---|---|", *(lines[name] for name in kept), ""]
    )


def _name(line: str) -> tuple[str, str]:
    kind, what, *_ = line.removeprefix("| ").split(" | ")
    return kind, what
