"""What the base sees: channels of a photo, the set as a map of points, nearest neighbours."""
