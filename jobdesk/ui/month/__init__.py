"""月报: the month's paper in the window."""
