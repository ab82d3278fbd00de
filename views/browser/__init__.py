"""What is drawn in the browser: components, their bundle, and escaped markup."""
