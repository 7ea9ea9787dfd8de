"""The sample county: the embedded data behind ``sample:``, and the generator of any size of it.

:data:`FOLDER` is an ordinary folder of registers. It holds 二十里店镇 with the facts of its published
report of 2021 (ershilidian.yaml, made by hand) and invented bodies of every kind (county.yaml says
which), whose rows come from the same generator as a county of 3,000 towns:
:func:`reportkit.registers.sample.county.write_county`. ``python -m reportkit.registers.sample`` makes the
folder again.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

FOLDER = Path(str(files(__package__))) / "data"
"""The embedded sample county: a folder with one Parquet file a register."""
