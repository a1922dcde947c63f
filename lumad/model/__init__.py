"""Every noun of the show file and of profiles: bounds, defaults, cross-checks. Pure values."""
