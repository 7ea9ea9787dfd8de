"""The language that the command line speaks: English or Chinese, by ``REPORTKIT_LANG``, else by the machine's own setting.

Catalogues are gettext's: ``zh/LC_MESSAGES/reportkit.po`` is written by hand, and the ``.mo`` beside it is compiled from it by
``python -m tests.catalogue``. What reports, findings and letters say is Chinese whatever is set here.
"""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path
from typing import Final, Literal

VARIABLE: Final = "REPORTKIT_LANG"
"""The environment variable: ``en`` or ``zh``."""

DOMAIN: Final = "reportkit"
FOLDER: Final = Path(__file__).parent

Language = Literal["en", "zh"]


def language() -> Language:
    """Return the language to speak: that of ``REPORTKIT_LANG``, else of LC_ALL, LC_MESSAGES or LANG, the first that is set."""
    for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name, "").strip():
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(wanted: Language) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, FOLDER, [wanted], fallback=True)


def _(message: str, /, **values: object) -> str:
    """Return a message in the language to speak, its places ``{name}`` filled with the values.

    >>> import os; os.environ["REPORTKIT_LANG"] = "zh"
    >>> _("{count} reports", count=3)
    '3份报告'
    """
    told = _catalogue(language()).gettext(message) if message else message
    return told.format(**values) if values else told


def marked(message: str) -> str:
    """Return a message as it is: the catalogue has it, and who shows it translates it by :func:`_`."""
    return message
