"""``python -m reportkit.registers.sample``: make the embedded sample county again."""

from __future__ import annotations

from reportkit.registers.sample import FOLDER
from reportkit.registers.sample.embedded import write_embedded

if __name__ == "__main__":
    write_embedded(FOLDER)
