"""Zhanggui (掌柜): the language-model operator for online shops."""

__version__ = "0.1.0"
