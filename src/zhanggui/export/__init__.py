"""The catalogue as it stands, in a platform's own format."""
