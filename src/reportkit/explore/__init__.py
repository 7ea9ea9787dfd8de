"""Exploring: towns and years beside one another, and what a changed cell would break; the explorer's notebook shows it."""
