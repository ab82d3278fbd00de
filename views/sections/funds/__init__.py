"""What the page of funds draws."""
