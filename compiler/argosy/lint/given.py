"""What a text is as far as the manifest says: with the values that the workflow's parameters have by default."""

from __future__ import annotations

from argosy.lint.context import Context
from argosy.lint.taint import tags_of


def by_default(text: str, context: Context) -> str | None:
    """Give a text with the default values of the workflow's parameters in it; None where it has other tags.

    A parameter without a value, or with an empty one, which is there to be replaced, is not known either.
    """
    if "{{" not in text:
        return text
    values = {
        f"workflow.parameters.{one.name}": str(one.value)
        for one in context.spec.arguments.parameters
        if one.value not in (None, "") and one.value_from is None and "{{" not in str(one.value)
    }
    tags = tags_of(text)
    if not tags or any(tag.is_expression or tag.name not in values for tag in tags):
        return None
    for tag in reversed(tags):
        text = text[: tag.start] + values[tag.name] + text[tag.end :]
    return text
