"""The modules that faults are put into, each with the tests that must see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

_SOURCE: Final = Path(__file__).parents[2] / "src" / "reportkit"
_FORM: Final = tuple(f"tests/form/test_{n}.py" for n in ("cells", "edition", "layout", "parsing"))
_ARITHMETIC: Final = tuple(
    f"tests/checks/test_{name}.py" for name in ("equations", "arithmetic", "repair", "years")
)
_PUBLISHED: Final = tuple(
    f"tests/published/test_{name}.py"
    for name in (
        *("printed_values", "plain", "rows", "broken", "damage", "offices"),
        *("records", "claims", "pdf", "exchange"),
    )
)
_DERIVATION: Final[Mapping[str, tuple[str, ...]]] = {
    "assemble": ("assembled",),
    "behind": ("behind_by_hand",),
    "booked": ("booked",),
    "calendar": ("calendar",),
    "clock": ("timeliness",),
    "fee_explained": ("fees",),
    "fees": ("fees",),
    "kept": ("timeliness",),
    "narrative": ("narrative",),
    "normative": ("normative",),
    "numbering": ("numbering",),
    "suits": ("suits",),
    "tariff": ("fees",),
    "timeliness": ("timeliness",),
    "told": ("behind_by_hand",),
}
"""The test files under tests/registers/ of each module of the derivation; the others' are below."""
_COUNTED: Final = ("counting", "behind_by_hand", "assembled")


def _within(folder: str) -> Iterator[str]:
    for path in sorted((_SOURCE / folder).glob("*.py")):
        if path.name != "__init__.py":
            yield f"{folder}/{path.name}"


def _registers(module: str) -> tuple[str, ...]:
    names = _DERIVATION.get(Path(module).stem, _COUNTED)
    return tuple(f"tests/registers/test_{name}.py" for name in names)


MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(_within("form"), _FORM),
    "counts.py": ("tests/test_counts.py",),
    **{module: _registers(module) for module in _within("registers/derivation")},
    **dict.fromkeys(
        (
            *("checks/solve.py", "checks/repair.py"),
            *(f"checks/rules/{name}.py" for name in ("arithmetic", "blanks", "years")),
        ),
        _ARITHMETIC,
    ),
    **dict.fromkeys(_within("published/tables"), _PUBLISHED),
    **dict.fromkeys(_within("published/tables/alignment"), _PUBLISHED),
}
