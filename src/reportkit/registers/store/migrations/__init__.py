"""What alembic runs."""
