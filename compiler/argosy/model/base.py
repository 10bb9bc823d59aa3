"""What the structs of the model share: Argo's names in JSON, ours in Python, and no change in place."""

import msgspec


# No module with structs imports `annotations` from __future__: msgspec would have to evaluate hundreds of texts.
class ArgoStruct(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """A part of a manifest. ``msgspec.structs.replace`` gives a changed copy."""


class AnyString(str):
    """A text that may be written as a number or a boolean: the value of a parameter.

    A list or a map becomes empty text. Source: ``anystring.go`` in ``pkg/apis/workflow/v1alpha1`` of Argo v4.1.2.
    """

    __slots__ = ()
