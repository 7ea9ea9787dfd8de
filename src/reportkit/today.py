"""The one clock: today is the date in Beijing, or that of ``SOURCE_DATE_EPOCH``, so that a build can be repeated.

Whether a year is over and what falls due is asked here alone; ruff's banned API keeps a second clock out.
"""

from __future__ import annotations

import os
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from reportkit.errors import CallError
from reportkit.language import _

_BEIJING: Final = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """Return the date in Asia/Shanghai, or that of ``SOURCE_DATE_EPOCH`` (whole seconds since 1970) where it is set.

    Raises :class:`~reportkit.errors.CallError` for a ``SOURCE_DATE_EPOCH`` that is no such number.

    >>> import os
    >>> os.environ["SOURCE_DATE_EPOCH"] = "1767196800"  # 2026 has begun in Beijing, in Greenwich not yet
    >>> today().isoformat()
    '2026-01-01'
    >>> del os.environ["SOURCE_DATE_EPOCH"]
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return datetime.now(tz=_BEIJING).date()
    try:
        return datetime.fromtimestamp(int(epoch), tz=_BEIJING).date()
    except (ValueError, OverflowError, OSError) as fault:
        raise CallError(
            _(
                "SOURCE_DATE_EPOCH is {epoch!r}: not a number of whole seconds since 1970; set it "
                "right, or unset it",
                epoch=epoch,
            )
        ) from fault
