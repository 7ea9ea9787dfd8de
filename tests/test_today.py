"""One clock: at New Year in Beijing every part of the program is in the new year, wherever the machine stands."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from reportkit.cli.main import main
from reportkit.notebook.loading import view
from reportkit.today import today
from tests import dossiers

ROOT = Path(__file__).parents[1]
NEW_YEAR = datetime(2023, 12, 31, 16, 0, 1, tzinfo=UTC)
"""One second into 2024 in Beijing; in Greenwich and New York it is 2023 still."""


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture
def new_year(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NEW_YEAR.timestamp())))


@pytest.mark.usefixtures("new_york", "new_year")
def test_today_is_the_date_in_beijing() -> None:
    assert today() == date(2024, 1, 1)


@pytest.mark.usefixtures("new_york")
def test_without_an_epoch_today_is_that_of_the_machines_clock(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    eight = timedelta(hours=8)
    before = (datetime.now(tz=UTC) + eight).date()
    assert before <= today() <= (datetime.now(tz=UTC) + eight).date()


@pytest.mark.usefixtures("new_york", "new_year")
def test_the_year_is_over_for_a_report(monkeypatch: pytest.MonkeyPatch) -> None:
    assert view(dossiers.dossier(2023), "internal").draft == ()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NEW_YEAR.timestamp()) - 2))
    assert view(dossiers.dossier(2023), "internal").draft == ("2023年度尚未结束",)


@pytest.mark.usefixtures("new_york", "new_year")
def test_what_is_due_is_asked_of_beijings_day(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "p")]) == 0
    batch = yaml.safe_load((tmp_path / "p" / "params" / "batch.yaml").read_text("utf-8"))
    assert batch["years"] == [2023]
    capsys.readouterr()
    assert main(["due", "--batch", str(tmp_path / "p" / "params" / "batch.yaml"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["on"] == "2024-01-01"


@pytest.mark.parametrize(
    "line",
    [
        "from datetime import datetime\ndatetime.now()",
        "from datetime import date\ndate.today()",
        "import datetime as d\nd.datetime.utcnow()",
        "import time\ntime.time()",
        "from time import localtime\nlocaltime()",
    ],
)
def test_a_second_clock_is_refused_by_the_linter(line: str) -> None:
    ruff = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--no-cache", "-"]
    for file, code in (
        ("src/reportkit/running/planning/plan.py", 1),
        ("src/reportkit/today.py", 0),
    ):
        done = subprocess.run(
            [*ruff, "--stdin-filename", file],
            input=f"{line}\n",
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert ("TID251" in done.stdout) == bool(code)


@pytest.mark.parametrize("epoch", ["yesterday", "1e9", "9" * 30])
def test_an_epoch_that_is_no_number_is_named(
    epoch: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert main(["new", str(tmp_path / "p")]) == 2
    assert "SOURCE_DATE_EPOCH is " in capsys.readouterr().err
