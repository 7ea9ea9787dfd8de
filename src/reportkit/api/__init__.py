"""What ``import reportkit as rk`` offers; :mod:`reportkit` imports each name when it is first asked for."""
