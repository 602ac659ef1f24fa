"""Drafts that wait, what people decide about them, and what makes them wait again."""
