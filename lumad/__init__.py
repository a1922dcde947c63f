"""lumad: film lamps follow the LED wall."""

__version__ = "0.1.0"
