"""Product descriptions that carry their proof."""
