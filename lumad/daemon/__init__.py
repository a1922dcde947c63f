"""The desk's wiring: children, their hand-over, the running show, in start order; stop is its mirror."""
