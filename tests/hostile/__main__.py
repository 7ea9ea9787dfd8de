"""``python -m tests.hostile [--scale S] [--only KIND] [--write]``: cause every fault, and print the table.

A run that is broken off goes on where it was: each row that is done stands in build/hostile.json, by scale and day.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from reportkit.today import today
from tests.hostile.bombs import bomb_rows
from tests.hostile.carried import carried_rows
from tests.hostile.disguised import disguised_rows
from tests.hostile.fuzz import BINARY, fuzz_row
from tests.hostile.guided import guided_row
from tests.hostile.injection import injection_rows
from tests.hostile.kills import kill_rows
from tests.hostile.load import load_rows
from tests.hostile.machine import machine_rows
from tests.hostile.notebooks import notebook_rows
from tests.hostile.opened import opened_rows
from tests.hostile.recorded import recorded_ingest, recorded_rows
from tests.hostile.supply import supply_rows
from tests.hostile.table import KINDS, Row, print_rows, renewed

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
DONE = Path(__file__).parents[2] / "build" / "hostile.json"
TEXTS, BINARIES = 200_000, 20_000
"""How many inputs a reader gets at full scale."""


def kinds(scale: float) -> dict[str, Callable[[], Iterable[Row]]]:
    """Return what makes the rows of each kind at a scale; of a kind that takes long, each row by itself."""
    single = {**fuzzers(scale), **kill_rows(scale), **load_rows(scale)}
    return {
        "injection": lambda: chain(injection_rows(), carried_rows()),
        "bombs": lambda: bomb_rows(scale),
        "disguised": disguised_rows,
        "opened": opened_rows,
        "notebooks": notebook_rows,
        "recorded": recorded_rows,
        "recorded ingest": lambda: [recorded_ingest()],
        "machine": lambda: machine_rows(scale),
        "supply": supply_rows,
        **{name: partial(_alone, make) for name, make in single.items()},
    }


def _alone(make: Callable[[], Row]) -> list[Row]:
    return [make()]


def fuzzers(scale: float) -> dict[str, Callable[[], Row]]:
    """Return what makes the rows of each reader: by damage, and guided."""
    return {
        f"{how} {name}": partial(_fuzzed, row, name, scale)
        for how, row in (("fuzz", fuzz_row), ("guided", guided_row))
        for name in BINARY
    }


def _fuzzed(row: Callable[[str, int], Row], reader: str, scale: float) -> Row:
    full = BINARIES if BINARY[reader] else TEXTS
    return replace(row(reader, max(20, int(full * scale))), full=full)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile")
    parser.add_argument("--scale", type=float, default=0.1, help="a part of the full counts")
    parser.add_argument(
        "--only",
        action="append",
        help="a kind of fault (fuzz), or one of its parts (fuzz params); repeatable",
    )
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md anew")
    chosen = parser.parse_args()
    key = f"{today().isoformat()} {chosen.scale:g}"
    done = _known().get(key, {})
    table: list[Row] = []
    makers = kinds(chosen.scale)
    named = {name for kind in makers for name in (kind, kind.partition(" ")[0])}
    if wrong := {*(chosen.only or ())} - named:
        parser.error(f"no such kind: {', '.join(sorted(wrong))}; there are {', '.join(makers)}")
    for kind, make in makers.items():
        if chosen.only and not {kind, kind.partition(" ")[0]} & {*chosen.only}:
            continue
        if kind in done:
            table += [Row(**kept) for kept in done[kind]]
            continue
        made = []
        started = time.monotonic(), _processor()
        for row in make():
            made.append(row)
            print(f"{row.kind}: {row.what}: {row.tried}", flush=True)
            for fault in [*row.lost, *row.through]:
                print(f"  {fault[:300]}", flush=True)
        wall, processor = (
            now - then for now, then in zip((time.monotonic(), _processor()), started, strict=True)
        )
        print(f"{kind} took {wall:.0f} s, {processor:.0f} s of processor", flush=True)
        table += made
        if all(row.clean for row in made):  # what failed is tried again
            done[kind] = [asdict(each) for each in made]
            DONE.parent.mkdir(exist_ok=True)
            known = _known()  # another may have written its kinds meanwhile
            known[key] = done = {**known.get(key, {}), **done}
            DONE.write_text(json.dumps(known, ensure_ascii=False), "utf-8")
    table.sort(key=lambda row: KINDS.index(row.kind))
    made_on = today().isoformat()
    print(print_rows(table, made_on))
    if chosen.write:
        PAGE.write_text(renewed(PAGE.read_text("utf-8"), table, made_on), "utf-8")
    return 0 if all(row.clean for row in table) else 1


def _processor() -> float:
    """Return the processor's seconds of this process and of all that it waited for."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def _known() -> dict[str, dict[str, list[dict[str, Any]]]]:
    """Return the rows that are done, by day and scale, and by kind."""
    return dict(json.loads(DONE.read_text("utf-8"))) if DONE.is_file() else {}


if __name__ == "__main__":
    raise SystemExit(main())
