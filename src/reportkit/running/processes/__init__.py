"""The processes that execute notebooks: forked, spawned, or on a cluster."""
