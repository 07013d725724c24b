"""The experiments of the two papers: the plan, the runs, the tables."""
