"""Handlers of single steps: each is told which step ended, how, and what it gave."""

from argosy import NodeExit, container, hook, script, sh, workflow


@container(image="alpine:3.22", retry=1)
def build(branch: str) -> str:
    return sh('echo "image-of-$BRANCH"', BRANCH=branch)


@container(image="alpine:3.22", active_deadline_seconds=600)
def deploy(image: str) -> None:
    sh('echo "deploying $IMAGE"', IMAGE=image)


@script
def log_end(step: NodeExit[str], channel: str = "#builds") -> None:
    """Runs when its step ends, whatever happens after."""
    print(f"{channel}: {step.name} ended {step.status}")


@script
def roll_back(step: NodeExit[None], image: str) -> None:
    print(f"{step.name} ended {step.status}: back to what ran before {image}")


@workflow(generate_name="hooks-")
def hooks(branch: str = "main") -> None:
    image = build.options(on_exit=log_end)(branch)
    deploy.options(
        on_exit=hook(lambda step: roll_back(step, image), when=lambda step: step.status != "Succeeded"),
    )(image)
