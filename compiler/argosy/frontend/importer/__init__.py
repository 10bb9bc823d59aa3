"""``argosy import`` and ``argosy stubs``: typed Python for manifests that exist.

``names`` and ``literals`` write Python's words; ``templates`` and ``flows`` write functions; ``documents`` writes whole
files, compiles what it wrote, and falls back to plain data for what would not mean the same.
"""
