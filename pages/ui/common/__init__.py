"""What two or more pages use; it knows none of them."""
