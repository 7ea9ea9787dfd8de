"""Results: the record that a run keeps of its outcomes, and what is made of all of them: the index and the tidy data."""
