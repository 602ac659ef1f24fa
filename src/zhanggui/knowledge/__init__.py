"""What the shop knows: passages, their vectors and the search over both."""
