"""Parts of the bug museum."""
