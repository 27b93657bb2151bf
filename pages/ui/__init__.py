"""What the pages draw: `common`, and one folder a page under the name of the page."""
