"""Takes the pictures of ``docs/reports.md`` in a real browser: ``python -m docs.pictures``. Nothing compares them."""

from __future__ import annotations

import sys
from base64 import b64decode
from pathlib import Path

from docs.generate import printed
from tests.report.browser import Browser, program

HERE = Path(__file__).parent
IN_TIME = "argosy simulate --scenario examples/scenarios/production-pipeline-in-time.scenario.yaml"
FAULTS = "argosy explore examples/exit-handler.yaml"
PICTURES = {
    "run": (f"{IN_TIME} --format html -o build/run.html", "build/run.html", "n13", "light", 1400, 1010),
    "faults": (f"{FAULTS} --format html -o build/faults.html", "build/faults.html", "f9", "dark", 1400, 800),
}
"""By name: what makes the page, the page, what is opened on it, the colours, width and height."""


def main() -> int:
    """Take them all."""
    found = program()
    if found is None:
        sys.exit("no Chromium here")
    with Browser(found) as browser:
        for name, (command, path, opened, scheme, width, height) in PICTURES.items():
            printed(command)
            browser.scheme(scheme)
            size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
            browser.call("Emulation.setDeviceMetricsOverride", **size)
            browser.open(HERE.parent / path, f"#{opened}")
            data = browser.call("Page.captureScreenshot")["data"]
            target = HERE / "pictures" / f"{name}.png"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(b64decode(data))
    return 0


if __name__ == "__main__":
    sys.exit(main())
