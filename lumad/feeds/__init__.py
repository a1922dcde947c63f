"""Pictures in: still images and video files; runs in the wall process only."""
