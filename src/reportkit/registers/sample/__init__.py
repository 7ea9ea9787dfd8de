"""The sample counties: the embedded data behind ``sample:``, and the generator of any size of it.

:data:`FOLDER` is an ordinary folder of registers. It holds 二十里店镇 with the facts of its published
report of 2021 (ershilidian.yaml, made by hand) and invented bodies of every kind (county.yaml says
which), whose rows come from the same generator as a county of 3,000 towns:
:func:`reportkit.registers.sample.county.write_county`. ``python -m reportkit.registers.sample`` makes the
folder again.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from reportkit.report import Town

SAMPLE: Final = "sample:"
"""The URI of the source that the package carries."""

FOLDER = Path(str(files(__package__))) / "data"
"""The embedded sample counties: a folder with one Parquet file a register."""

COUNTIES: Mapping[str, Town] = MappingProxyType(
    {
        "xiaoji": Town(
            id="xiaoji", name="筱霁县", province="示例省", kind="county", illustrative=True
        )
    }
)
"""The counties whose own prose the folder holds, by id."""
