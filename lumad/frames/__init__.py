"""Frames: pixels plus time, and the shared-memory ring they travel in."""
