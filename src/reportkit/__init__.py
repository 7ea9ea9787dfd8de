"""reportkit: from a county's registers to every town's annual report on open government information."""

__version__ = "0.1.0"
