"""Untrusted text: injection and offence."""
