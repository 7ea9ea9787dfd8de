"""Invented place names, as many as wanted, none twice.

The characters are rare in names of places; none of the pairs begins the name of a county, a
township or a village in the national list of 2023 (660,000 names).
"""

from __future__ import annotations

from typing import Final

_CHARACTERS: Final = "澹霁翎葭筱杳煦珩湉璟岫笺昉皎漪砚琬瑭澈箬曦韫黛珞笙绮樾霏翡珮瑄璇瓒琮琤玥珺琰瑾琦璐钰铄翊翀翾昀晗晔暄曈栩楹槿泠洵浣溟潋澍熠烨煊"
_PAIRS: Final = len(_CHARACTERS) * (len(_CHARACTERS) - 1)
_STEP: Final = 1277
"""Prime to the number of pairs: its multiples visit every pair once."""


def place_name(number: int, seed: int = 0) -> str:
    """Return the name of a number, two characters long; a third comes when all pairs are used up.

    With one seed no two numbers have the same name.
    """
    turn, place = divmod(number, _PAIRS)
    index = ((place + seed) * _STEP) % _PAIRS
    first, second = divmod(index, len(_CHARACTERS) - 1)
    second += second >= first  # never one character twice
    name = _CHARACTERS[first] + _CHARACTERS[second]
    while turn:
        turn, place = divmod(turn - 1, len(_CHARACTERS))
        name += _CHARACTERS[place]
    return name


def villages(number: int, seed: int = 0) -> tuple[str, ...]:
    """Return the names of a body's villages, in prose without their 村."""
    return tuple(place_name(number * 7 + k + 1001, seed + 311) for k in range(7))
