"""From a town's rows to the report of a year: cells, facts, time limits, fees and prose."""
