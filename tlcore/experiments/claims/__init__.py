"""One file a claim of the lecture: the grid of runs, the measure, the takeaway, the code beside it."""
