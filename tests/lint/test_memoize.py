"""What Argo takes as a key and as a cache of memoization."""

import pytest

from argosy.lint.run import lint_text

MANIFEST = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: w-}
spec:
  entrypoint: main
  templates:
    - name: main
      memoize: %s
      container: {image: "alpine:3.20", command: [make]}
"""
CACHE = "cache: {configMap: {name: c}}"


def said(memoize: str) -> list[str]:
    found = lint_text(MANIFEST % memoize).findings
    return [one.finding.message for one in found if one.finding.rule == "memoize-invalid"]


@pytest.mark.parametrize("key", ["a", "0-A-", "'{{workflow.name}}'", "'a{{workflow.name}}-{{=1 + 1}}'"])
def test_letters_digits_dashes_and_tags_make_a_key(key: str) -> None:
    assert said(f"{{key: {key}, {CACHE}}}") == []


@pytest.mark.parametrize(
    ("memoize", "message"),
    [
        ("{key: a}", "there is no cache: the workflow ends in Error, without its exit handler"),
        ("{key: a, cache: {}}", "there is no cache: the workflow ends in Error, without its exit handler"),
        ("{key: a, cache: {configMap: {}}}", "the cache has no name: the step ends in Error"),
        ("{key: a, cache: {configMap: {name: A_b}}}", "'A_b' is no name of a ConfigMap"),
        (f"{{key: '', {CACHE}}}", "there is no key: the step ends in Error"),
        (f"{{key: -a, {CACHE}}}", "a key of memoization begins with no dash"),
        (
            f"{{key: 'a/{{{{workflow.name}}}}', {CACHE}}}",
            "a key of memoization has letters, digits and dashes, and no '/'",
        ),
    ],
)
def test_anything_else_does_not(memoize: str, message: str) -> None:
    (found,) = said(memoize)
    assert found.startswith(message)
