"""Write the generated pages of docs/: `make docs`. Tests hold each page to its source."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from reportkit.checks.catalogue import render_rules
from reportkit.files import write_whole
from reportkit.registers.page import render_registers
from reportkit.report import json_schema

DOCS = Path(__file__).parent.parent / "docs"


def schema_text() -> str:
    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "rules.md": render_rules,
    "registers.md": render_registers,
    "report-schema.json": schema_text,
}
"""Each generated page with what makes it."""

if __name__ == "__main__":
    for name, render in PAGES.items():
        write_whole(DOCS / name, render())
