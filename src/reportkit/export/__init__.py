"""From an executed notebook to files. Knows nothing of running notebooks."""
