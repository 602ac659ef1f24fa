"""Advertising law: what a text may not say, judged in context, as versioned data."""
