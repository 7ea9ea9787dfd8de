"""Inside one process: a notebook's parameters, its cells, and the files that it becomes."""
