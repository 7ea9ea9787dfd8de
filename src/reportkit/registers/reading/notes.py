"""What reading passed over in a file, or could not make out: told in Chinese, with the place and what to do.

Nothing that stands in a file is left out in silence. A note is no fault of a row: the rows that were read count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, cast

from reportkit.finding import Finding, Level, Place

SHEET_PASSED = "SHEET-PASSED"
"""The code of a note on a whole sheet or file, as a finding."""


Kind = Literal["file", "sheet", "empty", "part"]


@dataclass(frozen=True, order=True)
class PassedOver:
    """One thing that was passed over in a file.

    ``kind`` says how much: a whole ``file``, a ``sheet``, an ``empty`` sheet without even a heading, or a ``part`` of
    one (rows, a column). ``wrong`` marks what is a fault: a sheet that has a register's name and cannot be read
    as one.
    """

    file: str
    sheet: str | None
    what: str
    how: str = ""
    kind: Kind = "part"
    register: str | None = None
    """The register that it is, or seems to be, by its stored name."""
    wrong: bool = False
    row: int | None = None

    def __str__(self) -> str:
        where = self.file + (f" “{self.sheet}”表" if self.sheet else "")
        return f"{where}：{self.what}。{self.how}" + ("" if self.how[-1:] in ("", "？") else "。")

    def to_finding(self) -> Finding:
        """Return the note as a finding of a report: that of a whole sheet or file."""
        return Finding(
            code=SHEET_PASSED,
            level="warning" if self.wrong else "info",
            message=str(self),
            basis="台账填写规则",
            place=Place(register=self.register, file=self.file, sheet=self.sheet),
        )

    def to_stored(self) -> Finding:
        """Return the note as a store keeps it, part by part."""
        place = Place(
            register=self.register, file=self.file, sheet=self.sheet, row=self.row, value=self.kind
        )
        level: Level = "warning" if self.wrong else "info"
        return Finding(
            code=SHEET_PASSED, level=level, message=self.what, basis=self.how, place=place
        )

    @classmethod
    def from_stored(cls, stored: Finding) -> PassedOver:
        """Return the note that a store keeps."""
        place = stored.place or Place()
        kind = cast("Kind", place.value)
        said = (place.file or "", place.sheet, stored.message, stored.basis, kind, place.register)
        return cls(*said, wrong=stored.level == "warning", row=place.row)
