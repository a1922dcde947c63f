"""What the processes say to each other: bytes and numbers only."""
