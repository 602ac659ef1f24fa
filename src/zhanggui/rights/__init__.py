"""What a person may ask for: to be erased, to see what is stored; and how long data is kept."""
