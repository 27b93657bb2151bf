"""What tests do on a page, and what they read on it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from tests.conftest import wait_until
from tlcore.engine import Engine


def texts(app: AppTest) -> str:
    """Everything that is written on the page."""
    kinds = (app.title, app.markdown, app.caption, app.info, app.warning, app.error, app.header, app.subheader)
    return "\n".join(str(element.value) for kind in kinds for element in kind)


def press(app: AppTest, label: str) -> None:
    """Clicks the button of this label, primary or not, and runs the page."""
    next(button for button in app.button if button.label in (label, f":primary[{label}]")).click()
    app.run()


def run_until_done(app: AppTest, engine: Engine) -> None:
    """Runs the page again until the owner's jobs have ended; waiting happens on the engine's side."""
    owner = app.session_state["app.owner"]
    wait_until(lambda: all(job.finished for job in engine.jobs(owner)), timeout_s=250)
    app.run()
    assert not app.exception
