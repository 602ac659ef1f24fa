"""Figures of quality, bias and trust, measured on data sets and on the shop's own traffic."""
