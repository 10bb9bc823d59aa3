"""Pages that need nothing else: no network, no other file. Text, styles and script stand in the page itself.

``shell`` is the frame of every page, ``elements`` what it is built of; ``page.css`` and ``page.js`` are its looks and
its keys. Everything can be read without the script, too.
"""
