"""Reviews → polarity and opinions → findings → digest."""
