"""Parts of the page on which a base is frozen, extended and fine-tuned."""
