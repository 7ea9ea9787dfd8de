"""Mutation of the code itself: small faults are put into a module one by one, and a test must see each."""
