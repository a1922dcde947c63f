"""Finds and reads profiles."""
