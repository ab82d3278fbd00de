"""What the page of multidimensional poverty draws."""
