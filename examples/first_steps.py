"""First steps: containers one after the other, then two side by side."""

from argosy import container, parallel, sh, workflow


@container(image="alpine:3.22")
def say(message: str) -> None:
    sh('echo "$MESSAGE"', MESSAGE=message)


@workflow
def first_steps() -> None:
    say("hello")
    with parallel():
        say("this one")
        say("and that one")
    say("good bye")
