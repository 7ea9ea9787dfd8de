"""Counters: row numbers that stand in text under a heading 序号, and hold no figures.

Where blank cells leave nothing, a number before a row's label may be its counter or the last value
of the row before. Only where the counters follow one another without a gap are they told apart;
else the rows are undetermined.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from reportkit.form import EDITIONS
from reportkit.prose.fold import core, fold
from reportkit.published.tables.labels import lexicon, row_label_end
from reportkit.published.tables.tokens import COUNTERS, Token

_HEADING = re.compile(rf"^{COUNTERS}|[\s|]{COUNTERS}(?:[\s|]|$)")
_OWN = re.compile(r"\d{1,3}(?!\d)")


def without_counters(tokens: Sequence[Token]) -> list[Token]:
    """Leave out the counters of rows under each heading 序号.

    Where they cannot be told from values, the values are marked as doubtful.
    """
    heads = [i for i, token in enumerate(tokens) if _is_heading(token)]
    found = list(tokens[: heads[0]] if heads else tokens)
    for start, stop in pairwise([*heads, len(tokens)]):
        words = " ".join(_HEADING.sub(" ", fold(tokens[start].text).strip()).split())
        head = [replace(tokens[start], text=words)] if words else []
        found += _told([*head, *tokens[start + 1 : stop]], tokens[stop : stop + 1])
    return found


def _is_heading(token: Token) -> bool:
    return (
        token.kind == "text" and not token.sure and bool(_HEADING.search(fold(token.text).strip()))
    )


def _told(part: Sequence[Token], after: Sequence[Token]) -> list[Token]:
    """Return what stands under one heading 序号 without the counters; ``after`` follows it."""
    titles = (i for i, token in enumerate(part) if token.kind == "text" and _is_title(token.text))
    stop = next(titles, len(part))
    places = list(_before_texts([*part, *after][: stop + 1]))
    first = next((i for i in range(stop) if part[i].kind == "value"), None)
    if first is None or first not in places[:1] or (first and _ends_label(part[first - 1].text)):
        return list(part)  # the first row has no counter before it, so the column is lost
    due = int(fold(part[first].text))
    out: list[int] = []
    sure = 0
    for at in places:
        label = _is_label(part[at + 1 : stop])
        own = _OWN.match(fold(part[at + 1].text).strip()) if at + 1 < stop else None
        if own is not None and int(own[0]) == due:
            due += 1
        elif part[at].bond != "glued" and int(fold(part[at].text)) == due:
            out.append(at)
            due += 1
            sure = len(out) if label else sure
        elif label:
            return [*map(_doubtful, part[:stop]), *part[stop:]]
    return list(_left_out(part, out[:sure], out[sure:]))


def _left_out(part: Sequence[Token], out: Sequence[int], open_: Sequence[int]) -> Iterator[Token]:
    """Yield the tokens without counters; what stands before a title may be one or a value."""
    doubtful: set[int] = set()
    for at in open_:
        start = at
        while start and part[start].kind != "text":
            doubtful.add(start)
            start -= 1
    for i, token in enumerate(part):
        if i - 1 in out:  # blank lines before the counter are those between the rows
            yield replace(token, gap=part[i - 1].gap, bond=part[i - 1].bond)
        elif i not in out:
            yield _doubtful(token) if i in doubtful else token


def _before_texts(part: Sequence[Token]) -> Iterator[int]:
    """Yield where a whole number stands before a text."""
    for i, (one, two) in enumerate(pairwise(part)):
        if one.kind == "value" and two.kind == "text" and fold(one.text).strip().isdecimal():
            yield i


def _is_label(behind: Sequence[Token]) -> bool:
    """Say whether the texts that begin here end in a row's label."""
    texts = []
    for token in behind:
        if token.kind != "text":
            break
        texts.append(token.text)
    return bool(texts) and _ends_label(texts[-1])


def _ends_label(text: str) -> bool:
    """Say whether a row's label ends a text, and not as well a heading: 其他, 总计."""
    words = core(text)
    either = any(
        words.endswith(word)
        for code in EDITIONS
        for word, kinds in lexicon(code).kinds.items()
        if {"row", "column"} <= kinds
    )
    return not either and bool(row_label_end().search(words))


def _is_title(text: str) -> bool:
    words = core(text)
    return bool(words) and any(words in lexicon(code).titles for code in EDITIONS)


def _doubtful(token: Token) -> Token:
    return token if token.kind == "text" else replace(token, doubtful=True)
