"""Facts of a product and the proof of a text: which span stands on which attribute."""
