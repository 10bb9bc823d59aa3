"""Settings that all tests share."""

import os

from hypothesis import settings

# Machines are noisy, so no example has a deadline; in CI the same examples run each time.
settings.register_profile("argosy", deadline=None, derandomize="CI" in os.environ, print_blob=True)
settings.load_profile("argosy")
