"""Running: the plan of a batch, the engines that execute notebooks, the pool and the manifest's upkeep."""
