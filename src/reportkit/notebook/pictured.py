"""A chart from its sketch: what every helper with a drawing gives back."""

from __future__ import annotations

from reportkit.blocks import Chart, Sketch, Table


def pictured(sketch: Sketch, title: str, note: str, words: str, table: Table) -> Chart:
    """Return a drawing with its title, how it was made, what it shows in words, and its numbers."""
    return Chart(title=title, note=note, description=words, sketch=sketch, table=table)
