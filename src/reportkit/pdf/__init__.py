"""PDF files opened so that they read alike on every machine, whatever fonts it has."""

from reportkit.pdf.opening import open_pdf

__all__ = ["open_pdf"]
