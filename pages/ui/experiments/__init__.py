"""Parts of the page of the experiments."""
