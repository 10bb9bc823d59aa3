"""A DAG: each task runs as soon as the results that it uses are there."""

from argosy import container, dag, sh, workflow


@container(image="alpine:3.22")
def fetch(source: str) -> str:
    return sh('echo "data of $SOURCE"', SOURCE=source)


@container(image="alpine:3.22")
def transform(data: str, how: str) -> str:
    return sh('echo "$DATA, $HOW"', DATA=data, HOW=how)


@container(image="alpine:3.22")
def publish(left: str, right: str) -> None:
    sh('echo "$LEFT"; echo "$RIGHT"', LEFT=left, RIGHT=right)


@workflow(generate_name="diamond-")
@dag
def diamond() -> None:
    data = fetch("orders")
    cleaned = transform.options(name="clean")(data, "cleaned")
    counted = transform.options(name="count")(data, "counted")
    publish(cleaned, counted)
