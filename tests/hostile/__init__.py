"""Faults and hostile input, really caused and counted: `make hostile` prints the table."""
