"""Regions to row runs, frames to exact mean colours in linear light."""
