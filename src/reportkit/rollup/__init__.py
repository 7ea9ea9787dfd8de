"""A county or a province as the sum of its bodies (汇总): pure functions over their reports."""

from reportkit.rollup.bodies import Contribution, part_of
from reportkit.rollup.rollup import RollUp, Total, key_of, name_of, roll_up

__all__ = ["Contribution", "RollUp", "Total", "key_of", "name_of", "part_of", "roll_up"]
