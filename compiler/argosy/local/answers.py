"""What widely used services answer to a message that they take, so that handlers go on.

A scenario's own answers come first.
"""

from __future__ import annotations

from argosy.simulate.scenario import Answer, Response
from argosy.simulate.shape import Regex

_JSON = {"Content-Type": ["application/json; charset=utf-8"]}

KNOWN = (
    Answer(Regex(r"^https://hooks\.slack\.com/"), None, Response(200, "ok")),
    Answer(Regex(r"^https://slack\.com/api/"), None, Response(200, '{"ok":true}', _JSON)),
    Answer(Regex(r"^https://discord(app)?\.com/api/webhooks/"), "POST", Response(204)),
    Answer(
        Regex(r"^https://events\.pagerduty\.com/v2/"),
        "POST",
        Response(202, '{"status":"success","message":"Event processed"}', _JSON),
    ),
)
