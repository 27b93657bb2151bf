"""A package, so that what it shares, the browser and the app, ends with its last test."""
