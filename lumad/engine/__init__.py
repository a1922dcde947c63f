"""The light loop: frame, samples, colour, levels, datagrams, on time."""
