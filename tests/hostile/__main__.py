"""``python -m tests.hostile [--scale S] [--write]``: cause every fault, and print the table."""

from __future__ import annotations

import argparse
from pathlib import Path

from reportkit.today import today
from tests.hostile.fuzz import fuzz_rows
from tests.hostile.injection import injection_rows
from tests.hostile.table import print_rows

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
TEXTS, BINARIES = 200_000, 20_000
"""How many inputs a reader gets at full scale."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--scale", type=float, default=0.1, help="a part of the full counts")
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md anew")
    chosen = parser.parse_args()
    rows = []
    for row in (
        *injection_rows(),
        *fuzz_rows(max(1, int(TEXTS * chosen.scale)), max(1, int(BINARIES * chosen.scale))),
    ):
        rows.append(row)
        print(f"{row.kind}: {row.what}: {row.tried}", flush=True)
        for fault in (*row.lost, *row.through):
            print(f"  {fault[:300]}", flush=True)
    table = print_rows(rows)
    print(table)
    if chosen.write:
        before, mark, _ = PAGE.read_text("utf-8").partition("<!-- table -->\n")
        made = f"`python -m tests.hostile --scale {chosen.scale:g} --write`"
        said = f"Made on {today().isoformat()} by {made}."
        PAGE.write_text(f"{before}{mark}{said}\n\n{table}\n", "utf-8")
    return 0 if all(row.clean for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
