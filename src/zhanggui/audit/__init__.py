"""What the audit writes down of each output (`trail`), and how it tells it again (`story`)."""
