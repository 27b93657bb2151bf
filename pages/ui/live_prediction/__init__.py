"""Parts of the page of the predictions."""
