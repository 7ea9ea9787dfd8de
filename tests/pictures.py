"""Pictures that several tests look at."""

from __future__ import annotations

JPEG = (
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDACgcHiMeGSgjISMtKygwPGRBPDc3PHtYXUlkkYCZlo+AjIqgtObDoKra"
    "rYqMyP/L2u71////m8H////6/+b9//j/wAALCAAIAAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABsQAAMA"
    "AgMAAAAAAAAAAAAAAAECEQAxAxJR/9oACAEBAAA/AD8YWhm7FjQwFOrueGTP/9k="
)
"""A picture of eight by eight points, in Base64."""
