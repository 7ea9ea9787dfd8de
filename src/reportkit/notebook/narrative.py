"""The report's prose: its sections as Markdown, and the sign-off.

The texts come with the report, placeholders filled and masked. They stay Markdown here: JupyterLab
draws it, and ``reportkit.export`` turns it into HTML with raw HTML escaped.
"""

from __future__ import annotations

from reportkit.blocks import Prose, SignOff
from reportkit.errors import FormError, nearest
from reportkit.form import FormSection
from reportkit.language import _
from reportkit.notebook.issuer import issuer
from reportkit.notebook.view import View
from reportkit.registers.derivation.narrative import NOT_FILLED


def find_section(report: View, code: str) -> FormSection:
    """Return a section of the report's edition; raise :class:`FormError` where there is none."""
    sections = {section.code: section for section in report.edition.sections}
    if code not in sections:
        raise FormError(
            _("the form has no section {code!r}{near}", code=code, near=nearest(code, sections))
        )
    return sections[code]


def section(report: View, code: str) -> Prose:
    """Return a narrative section: the form's heading, then the text; the preface has no heading."""
    title = find_section(report, code).title
    text = report.report.sections.get(code, "").strip() or NOT_FILLED
    return Prose(text, title or "", code if title else "")


def sign_off(report: View) -> SignOff:
    """Return who issues the report and when (落款).

    Without a date the office sees a blank one to fill in; a public page goes without.
    """
    day = report.report.published_on
    return SignOff(issuer(report.report.town), day, blank=day is None and report.internal)
