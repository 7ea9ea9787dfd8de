"""What importing the helpers costs, and that a chart of a user's own is data though Altair is imported late."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

_LATE = """
from reportkit.notebook.altair_charts import show_charts_as_data
show_charts_as_data()
import altair as alt
import pandas as pd
chart = alt.Chart(pd.DataFrame({"a": [1, 2]})).mark_bar().encode(x="a")
shown = get_ipython().display_formatter.format(chart)[0]
both = get_ipython().display_formatter.format(chart & chart)[0]
"""

_ROUNDS = 5


def _seconds(code: str) -> float:
    """Return the processor time of a fresh interpreter: a busy machine changes it least."""
    least = float("inf")
    for _ in range(_ROUNDS):
        timed = f"import time; t = time.process_time(); {code}; print(time.process_time() - t)"
        out = subprocess.run(
            [sys.executable, "-c", timed], capture_output=True, text=True, check=True
        )
        least = min(least, float(out.stdout))
    return least


def test_importing_the_helpers_costs_little_more_than_pandas() -> None:
    started = time.monotonic()
    ratio = _seconds("from reportkit.notebook import load_report") / _seconds("import pandas")
    assert ratio < 2.5, f"{ratio:.2f} times import pandas, in {time.monotonic() - started:.0f} s"


def test_importing_the_helpers_imports_no_altair() -> None:
    code = (
        "import sys; import reportkit.notebook; print({'altair', 'jsonschema'} & set(sys.modules))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "set()"


def test_a_chart_of_altair_is_data_whenever_altair_is_imported() -> None:
    shell: Any = InteractiveShell.instance()
    try:
        shell.run_cell(_LATE).raise_error()
        for name in ("shown", "both"):
            assert "application/vnd.vegalite.v5+json" in shell.user_ns[name]
            assert "text/html" not in shell.user_ns[name]
    finally:
        InteractiveShell.clear_instance()
