"""How people write the registers' words: a register's name, a code or its label, in any spelling that is sure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from types import MappingProxyType

from reportkit.form import EDITIONS, load_edition
from reportkit.registers.schema import REGISTERS, Register, codes_of


def normal(label: str) -> str:
    """Fold a label for comparison: width, spaces, punctuation and a leading number do not count.

    >>> normal(" （一） 予以公开 ") == normal("予以公开")
    True
    """
    text = unicodedata.normalize("NFKC", label).strip().lower()
    text = re.sub(
        r"^(?:\((?:[一二三四五六七八九十]+|\d+)\)|[一二三四五六七八九十]+、|\d+[.、])\s*", "", text
    )
    return re.sub(r"[\s\W_]+", "", text)


@cache
def _code_names(register: str, column: str) -> Mapping[str, str]:
    """Map every accepted spelling of a column's codes to the code.

    A label with a parenthesis (区分处理的，…) is accepted without it too; of two codes with one
    label none is accepted by it.
    """
    codes = codes_of(register, column)
    names: dict[str, str] = {}
    doubtful: set[str] = set()
    for code, label in codes.items():
        labels = {label, re.sub(r"[（(][^）)]*[）)]$", "", label), *_form_labels(code)}
        for spelling in map(normal, labels):
            if names.get(spelling, code) != code:
                doubtful.add(spelling)
            names[spelling] = code
    for spelling in doubtful:
        del names[spelling]
    return MappingProxyType(names)


@cache
def _form_labels(code: str) -> tuple[str, ...]:
    """Return how the editions of the form write a row of t2 that has this code, variants included."""
    return tuple(
        label
        for edition in EDITIONS
        for row in load_edition(edition).tables["t2"].rows
        if row.code == code
        for label in (row.label, *row.variants)
    )


def parse_code(register: str, column: str, text: str) -> str | None:
    """Return the code that a text means in a coded column, or ``None``: unknown.

    Accepted are the code itself and the form's label, with or without its number.
    """
    word = text.strip()
    if word in codes_of(register, column):
        return word
    return _code_names(register, column).get(normal(word))


def near_code(register: str, column: str, text: str) -> str | None:
    """Return the label of the code that a text is near to, or ``None``.

    >>> near_code("applications", "outcome", "予以公开了")
    '（一）予以公开'
    """
    names = _code_names(register, column)
    word = normal(text)
    inside = {names[name] for name in names if len(name) > 1 and (name in word or word in name)}
    if len(inside) == 1 and len(word) > 1:
        return codes_of(register, column)[inside.pop()]
    close = get_close_matches(word, names, 1, cutoff=0.6)
    return codes_of(register, column)[names[close[0]]] if close else None


def find_register(name: str) -> Register | None:
    """Return the register of a stored name or a Chinese heading, or ``None``."""
    word = normal(name)
    for register in REGISTERS.values():
        if word in (normal(register.name), normal(register.heading)):
            return register
    return None
