"""A new edition is a new file: one is laid into a copy of the package, and everything walks over it.

The walk itself is walk_over_edition.py; it runs in a process of its own, in which the copy is the package.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import reportkit

NEW_ROW = """\
      - {code: not_processed.machine_made, path: [三、本年度办理结果, （五）不予处理],
         label: 6.机器批量生成的申请, label_en: 'Not processed: made by a machine',
         refusal: procedural, corresponds: {"2021": not_processed.excessive}}
"""
NEW_BLOCK = """\
      - heading: 第二十条第（十）项
        rows: [{code: open_days, label: 政府开放日, label_en: Open days}]
        columns:
          - {code: held, label: 本年举办次数, unit: 次, type: count, label_en: Held in the year,
             derive: {register: activities, measure: count, date: held_on, where: {kind: open_day}}}
"""
BEHIND, TABLE = "      - {code: other.correction_overdue,", "  t3:\n"
CHANGES = (
    ('edition: "2021"', 'edition: "2023"'),
    ("{from: 2021}", "{from: 2023}"),
    (BEHIND, NEW_ROW + BEHIND),
    (TABLE, NEW_BLOCK + TABLE),
    ("四、结转下年度继续办理", "四、转入下一年度办理"),
)
"""One row more in t3, one row of t2 in a block of its own, one label changed; no line of code."""


def test_everything_walks_over_a_new_file(tmp_path: Path, root: Path) -> None:
    package = tmp_path / "package" / "reportkit"
    shutil.copytree(
        Path(reportkit.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    (package / "notebooks").mkdir()  # as the wheel carries it
    shutil.copy(root / "notebooks" / "annual_report.ipynb", package / "notebooks")
    text = (package / "form" / "edition_2021.yaml").read_text("utf-8")
    for old, new in CHANGES:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (package / "form" / "edition_2023.yaml").write_text(text, "utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"),
            str(root / "tests" / "form" / "walk_over_edition.py"),
        ],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(package.parent), "REPORTKIT_COPY": str(package)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout
