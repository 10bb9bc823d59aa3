"""One module per theme; every rule declared in one is found by itself. See "how to add a rule" in CONTRIBUTING.md."""
