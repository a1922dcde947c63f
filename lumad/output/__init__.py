"""Levels to the wire: what is due, in which packets, by which socket; one bad node never stops the others."""
