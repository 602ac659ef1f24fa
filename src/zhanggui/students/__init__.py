"""Small fast models: train, save, predict, and nothing of shops."""
