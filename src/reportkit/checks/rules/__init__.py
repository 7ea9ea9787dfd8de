"""The rules, one family a file: each a pure function over one report and what is known beside it."""
