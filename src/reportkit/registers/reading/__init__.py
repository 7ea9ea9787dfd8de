"""Files of registers to typed rows."""
