"""docs/registers.md is what the schema says."""

from __future__ import annotations

from pathlib import Path

from reportkit.registers.page import render_registers
from reportkit.registers.schema import REGISTERS


def test_the_page_is_current(root: Path) -> None:
    """Write it anew with `make docs`."""
    assert (root / "docs" / "registers.md").read_text("utf-8") == render_registers()


def test_the_page_names_every_register_column_and_heading() -> None:
    page = render_registers()
    for register in REGISTERS.values():
        section = page.split(f"## {register.name} {register.heading}\n")[1].split("\n## ")[0]
        for column in register.columns:
            (line,) = [row for row in section.splitlines() if row.startswith(f"| `{column.name}` ")]
            assert f"| {column.heading} |" in line
            assert ("key" in line.rsplit("|", 2)[1]) == column.key
            assert ("personal" in line.rsplit("|", 2)[1]) == column.personal
