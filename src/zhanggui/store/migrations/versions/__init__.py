"""One file a step, numbered once."""
