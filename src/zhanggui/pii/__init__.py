"""Personal data: where it stands in a text, and the vault that keeps it."""
