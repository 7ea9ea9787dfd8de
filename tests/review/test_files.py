"""Decisions in files: kept, replaced, and every fault of the file named."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from reportkit.errors import ParameterError
from reportkit.review.decisions import Decision
from reportkit.review.files import load_reviews, reviews_file, save_decisions

ONE = Decision(
    rule="T3-TOTAL",
    town="yunxi",
    year=2022,
    values="0123456789abcdef0123",
    decision="accepted",
    reason="属实：\n见说明。",
    who="张三",
    when=date(2023, 1, 20),
)


def test_round_trip_and_stable_bytes(tmp_path: Path) -> None:
    folder = tmp_path / "审核"
    two = replace(ONE, rule="L-STOCK", decision="to_mend", reason="")
    path = save_decisions(folder, 2022, [ONE, two])
    assert path == folder / "2022.yaml"
    assert set(load_reviews(folder, 2022)) == {ONE, two}
    before = path.read_bytes()
    save_decisions(folder, 2022, [ONE])
    assert path.read_bytes() == before
    assert "张三" in before.decode()


def test_a_new_decision_on_the_same_values_takes_the_old_ones_place(tmp_path: Path) -> None:
    save_decisions(tmp_path, 2022, [ONE])
    new = replace(ONE, decision="to_mend", who="李四")
    save_decisions(tmp_path, 2022, [new])
    assert load_reviews(tmp_path, 2022) == (new,)
    other = replace(ONE, values="f" * 20)
    save_decisions(tmp_path, 2022, [other])
    assert set(load_reviews(tmp_path, 2022)) == {new, other}


def test_years_have_files_of_their_own(tmp_path: Path) -> None:
    assert load_reviews(tmp_path, 2022) == ()
    save_decisions(tmp_path, None, [replace(ONE, year=None)])
    assert load_reviews(tmp_path, 2022) == ()
    assert [each.year for each in load_reviews(tmp_path, None)] == [None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("decisions: [", "no YAML"),
        ("- a", "the one key 'decisions'"),
        ("decision: []", "the one key 'decisions'"),
        ("decisions: [{rule: A}]", "decisions.0.town"),
        ("decisions: 3", "decisions"),
    ],
)
def test_a_broken_file_is_named_and_left_alone(tmp_path: Path, text: str, words: str) -> None:
    path = reviews_file(tmp_path, 2022)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ParameterError, match=words) as fault:
        load_reviews(tmp_path, 2022)
    assert str(path) in str(fault.value)
    with pytest.raises(ParameterError):
        save_decisions(tmp_path, 2022, [ONE])
    assert path.read_text("utf-8") == text


def test_writers_wait_for_each_other(tmp_path: Path) -> None:
    def add(number: int) -> None:
        save_decisions(tmp_path, 2022, [replace(ONE, values=f"{number:020d}")])

    threads = [threading.Thread(target=add, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(load_reviews(tmp_path, 2022)) == 12
