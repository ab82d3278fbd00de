"""What the page of public notices draws."""
