"""A plan from a store reads the towns that changed since the last one, and finds what reading all of them finds."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from reportkit.registers.sample import FOLDER
from reportkit.registers.store.address import parse_address
from reportkit.registers.store.write import writing
from reportkit.running.planning.survey import Inventory, Survey, take
from tests.registers.store.samples import load


def taken(uri: str, slices: Path, before: Inventory | None = None, due: bool = False) -> Inventory:
    """Take an inventory; with one from before, as if all its reports stood but for those that are ``due``."""
    known = (
        {}
        if before is None
        else {
            (town, year): digest
            for town, years in before.digests.items()
            for year, digest in years.items()
            if not (due and (town, year) == ("danheng", 2021))
        }
    )
    slices.mkdir()
    found = take(
        Survey(
            key="k",
            uri=uri,
            towns={},
            editions={},
            only=None,
            slices=str(slices),
            known=known,
            before=before,
        )
    )
    assert isinstance(found, Inventory)
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_changed_row_is_one_town_to_read(uri: str, tmp_path: Path) -> None:
    load(uri, FOLDER)
    first = taken(uri, tmp_path / "first")
    assert names(tmp_path / "first") == sorted(first.towns)
    again = taken(uri, tmp_path / "again", first)
    assert names(tmp_path / "again") == []
    assert (again.digests, again.marks, again.towns) == (first.digests, first.marks, first.towns)
    assert names(taken_slices(uri, tmp_path / "due", first)) == ["danheng"]

    with writing(parse_address(uri), lambda _: None) as store:
        store.connection.execute(
            text(
                "UPDATE disclosures SET title = 'x' WHERE town = 'danheng' AND item_no = "
                "(SELECT min(item_no) FROM disclosures WHERE town = 'danheng')"
            )
        )
        store.keep()
    changed = taken(uri, tmp_path / "changed", first)
    assert names(tmp_path / "changed") == ["danheng"]
    moved = {town for town in first.marks if changed.marks[town] != first.marks[town]}
    assert moved == {"danheng"}
    whole = taken(uri, tmp_path / "whole")
    assert changed.digests == whole.digests != first.digests


def taken_slices(uri: str, folder: Path, before: Inventory) -> Path:
    taken(uri, folder, before, due=True)
    return folder
