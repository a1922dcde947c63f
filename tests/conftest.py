"""Of all tests: a busy machine is no fault, so no example has a deadline."""

from hypothesis import settings

settings.register_profile("lumad", deadline=None)
settings.load_profile("lumad")
