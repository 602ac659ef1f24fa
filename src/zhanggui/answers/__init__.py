"""Replies a customer can rely on: screen, understand, find evidence, compose, ground, decide."""
