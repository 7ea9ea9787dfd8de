"""The package for the portal: what whoever publishes the report there needs, in one zip."""
