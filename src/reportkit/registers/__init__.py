"""Registers (台账): the case-level data a town keeps, and how its report is derived from them."""
