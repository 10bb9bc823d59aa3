from pathlib import Path

WORKFLOW = Path(__file__).parent / "closing.yaml"


def test_people_are_told_of_a_failure(simulate):
    run = simulate(WORKFLOW, "close-books:exit=1", run_scripts=["tell", "unlock"])
    assert run.pod("unlock").exit_code == 0
    (request,) = run.pod("tell").requests
    assert request.url == "https://hooks.slack.com/services/T000/B000/XXX"
    assert request.json == {"text": "closing: Failed"}


def test_the_handler_goes_on_if_slack_is_down(simulate):
    answers = [{"url": "slack.com", "response": {"statusCode": 503}}]
    run = simulate(WORKFLOW, run_scripts=["tell", "set-status"], answers=answers)
    assert run.node("tell").phase == "Failed"
    assert [request.method for request in run.requests] == ["PUT", "POST"]
