"""A path as the texts of its tokens (``token/token.go``)."""

from __future__ import annotations

from argosy.errors import LanguageError


def _unexpected(char: str, index: int) -> LanguageError:
    return LanguageError(f"unexpected token '{char}' at index {index}", index)


class _State:
    """What has been read of the current token."""

    def __init__(self) -> None:
        self.text = ""
        self.quotes = 0
        self.scripts = 0
        self.subscripts = 0

    def add(self, char: str) -> None:
        if not self.text:
            self.quotes = self.scripts = 0
        self.quotes += char == "'"
        self.scripts += (char == "(") - (char == ")")
        self.subscripts += (char == "[") - (char == "]")
        self.text += char

    @property
    def inside(self) -> bool:
        return self.quotes % 2 == 1 or self.scripts != 0


def tokenize(path: str) -> list[str]:
    """Split a path into tokens. Raises LanguageError if it does not start with ``$`` or ``@`` and a dot or bracket."""
    if not path:
        raise _unexpected("", 0)
    if path[0] not in "$@":
        raise _unexpected(path[0], 0)
    if len(path) > 1 and path[1] not in ".[":
        raise _unexpected(path[1], 1)
    tokens, state = [path[0]], _State()
    for char in path[1:]:
        state.add(char)
        done = _finished(state, char)
        if done is not None:
            token, state.text = done
            tokens.append(token)
    if state.text:
        tokens.append(state.text.removeprefix("."))
    return tokens


def _finished(state: _State, char: str) -> tuple[str, str] | None:
    """Give a token that ends here and the start of the next one."""
    text = state.text
    if text == ".":
        return None
    if text == "..":
        return text, ""
    if char == "[":
        if text in ("[", ".[") or text.count("[") > 1:
            return None
        return text[:-1].removeprefix("."), "["
    if "[" in text:
        if not state.inside and char == "]" and state.subscripts == 0:
            return text.removeprefix("."), ""
        return None
    if char == "." and not state.inside:
        return text[:-1].removeprefix("."), "."
    return None
