"""Parts of the page of the images."""
