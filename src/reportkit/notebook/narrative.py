"""The report's prose: its sections as Markdown, and the sign-off.

The texts come with the report, placeholders filled and masked. They stay Markdown here: JupyterLab
draws it, and ``reportkit.export`` turns it into HTML with raw HTML escaped.
"""

from __future__ import annotations

from reportkit.errors import FormError, nearest
from reportkit.form import Section
from reportkit.notebook.fragment import Fragment, markdown, render
from reportkit.notebook.view import View, issuer
from reportkit.registers.derivation.narrative import NOT_FILLED


def find_section(report: View, code: str) -> Section:
    """Return a section of the report's edition; raise :class:`FormError` where there is none."""
    sections = {section.code: section for section in report.edition.sections}
    if code not in sections:
        raise FormError(f"the form has no section {code!r}{nearest(code, sections)}")
    return sections[code]


def section(report: View, code: str) -> Fragment:
    """Return a narrative section: the form's heading, then the text; the preface has no heading."""
    title = find_section(report, code).title
    text = report.report.sections.get(code, "").strip() or NOT_FILLED
    return markdown(f"## {title}\n\n{text}" if title else text)


def sign_off(report: View) -> Fragment:
    """Return who issues the report and when (落款).

    Without a date the office sees a blank one to fill in; a public page goes without.
    """
    published = report.report.published_on
    day = f"{published.year}年{published.month}月{published.day}日" if published else None
    signed = issuer(report.report.town)
    return render(
        "sign_off",
        f"{signed} {day or ''}",
        issuer=signed,
        day=day,
        date=published,
        internal=report.internal,
    )
