"""Numbers and claims in Chinese prose; ``checks`` and ``published`` both read text with it."""
