"""JSONPath as Argo's ``jsonpath`` function understands it: the library evilmonkeyinc/jsonpath 0.8.1, with its defaults.

It departs from RFC 9535 in places (``$.a[?(@.b)].c`` drops what is missing, ``.length`` counts, scripts compare text
with its quotes), so no library of Python's would do.
"""

from argosy.language.jsonpath.selector import jsonpath

__all__ = ["jsonpath"]
