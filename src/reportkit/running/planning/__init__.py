"""Planning: what is asked for, what the source holds, and what is to be made, stage by stage."""
