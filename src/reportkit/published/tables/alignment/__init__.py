"""Which of the printed values belongs to which cell of a row: every way to fill it, and what speaks against one."""
