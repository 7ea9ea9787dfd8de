"""The order of Chinese names in a list: by sound, as 按音序 in a directory."""

from __future__ import annotations

from functools import cache

from reportkit.report import Town


@cache
def by_sound(name: str) -> tuple[list[str], str]:
    """Return what a name is sorted by in a Chinese list: its syllables with their tones, then its characters.

    >>> sorted(["乙镇", "重庆路街道", "丙镇", "崇明镇"], key=by_sound)
    ['丙镇', '崇明镇', '重庆路街道', '乙镇']
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415  # its dictionary takes half a second

    return lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True), name


Order = tuple[tuple[list[str], str], tuple[list[str], str], str]
"""What a body is sorted by."""


def by_place(town: Town) -> Order:
    """Return what a body is sorted by among others: its county, then its own name, both by sound, then its id."""
    own = town.name.removeprefix(town.county) or town.name
    return by_sound(town.county), by_sound(own), town.id or ""
