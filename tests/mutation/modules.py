"""The modules that faults are put into, each with the tests that must see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_FORM = tuple(f"tests/form/test_{name}.py" for name in ("cells", "edition", "layout", "parsing"))
_ARITHMETIC = tuple(
    f"tests/checks/test_{name}.py"
    for name in ("arithmetic", "repair", "mutation", "rules", "years")
)
_PUBLISHED = tuple(
    f"tests/published/test_{name}.py"
    for name in ("layouts", "broken", "damage", "mutations", "offices", "documents")
)


def _registers(*names: str) -> tuple[str, ...]:
    return tuple(f"tests/registers/test_{name}.py" for name in names)


MODULES: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"form/{name}.py": _FORM
        for name in ("cells", "edition", "facts", "key_figures", "layout", "parsing", "table")
    },
    "counts.py": ("tests/test_counts.py",),
    **{
        f"registers/derivation/{name}.py": _registers(*tests)
        for name, tests in {
            "tariff": ("fees",),
            "numbering": ("numbering",),
            "calendar": ("calendar",),
            "fees": ("fees", "behind", "oracle"),
            "clock": ("timeliness", "behind"),
            "timeliness": ("timeliness", "as_of"),
            "cases": ("oracle", "behind", "as_of"),
            "rules": ("oracle", "behind", "never_zero"),
            "derive": ("oracle", "behind", "never_zero"),
            "suits": ("suits", "oracle"),
            "normative": ("normative", "oracle"),
            "booked": ("booked", "oracle"),
            "declared": ("oracle", "never_zero"),
            "behind": ("behind",),
            "assemble": ("as_of", "narrative", "sweep"),
            "narrative": ("narrative",),
        }.items()
    },
    **{
        f"checks/{name}.py": _ARITHMETIC
        for name in ("arithmetic", "solve", "repair", "blanks", "years")
    },
    **{
        f"published/tables/{name}.py": _PUBLISHED
        for name in (
            *("settle", "counters", "values", "tokens", "rows", "runs", "shapes", "cut", "gaps"),
            *(
                "glued",
                "lost",
                "moved",
                "broken",
                "exchange",
                "align",
                "headers",
                "labels",
                "recognise",
            ),
        )
    },
}
