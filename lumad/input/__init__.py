"""The wire to levels: strict receivers that keep what the highest source says."""
