"""The experiments page: every claim opens in both languages, a guess reveals, a run is measured by real workers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.common import i18n
from pages.ui.common.claim_charts import figure_of
from pages.ui.common.claim_words import chart_rows, in_words, quantity, table
from pages.ui.experiments import kept_runs
from pages.ui.experiments.quiz import QUIZZES
from tests.conftest import wait_until
from tests.pages.conftest import REPOSITORY
from tlcore.experiments import Chart, ClassName, Column, Quantity, Series, Text, get_experiment, list_experiments
from tlcore.experiments.measuring.cache import keep
from tlcore.experiments.measuring.precomputed import load_precomputed
from tlcore.experiments.measuring.sweep import Sweep

OpenPage = Callable[..., AppTest]


def shown(app: AppTest) -> str:
    return " ".join(str(element.value) for element in app.markdown)


@pytest.mark.parametrize("name", list_experiments())
def test_every_claim_opens(open_page: OpenPage, name: str) -> None:
    app = open_page("experiments", experiment=name)
    assert not app.exception
    assert "A aula diz" in shown(app)
    assert app.selectbox(key="experiments.name").value == name
    compile(app.code[-1].value, name, "exec")


def test_the_page_is_whole_in_english(open_page: OpenPage) -> None:
    app = open_page("experiments", "en", experiment="break_it")
    assert not app.exception
    assert "The lecture says" in shown(app)
    cells = get_experiment("break_it").grid(get_experiment("break_it").defaults)
    assert any(f"Measure it here ({len(cells)} small jobs)" in button.label for button in app.button)


def test_a_claim_that_does_not_exist_is_refused_in_words(open_page: OpenPage) -> None:
    app = open_page("experiments", experiment="no_such_claim")
    assert not app.exception
    assert "“no\\_such\\_claim”, que não foi usado" in app.warning[0].value
    assert any(button.key == "experiments.board.break_it.helmets" for button in app.button), "all claims are shown"


def test_the_page_opens_with_the_board_and_a_click_leads_into_a_claim(open_page: OpenPage) -> None:
    app = open_page("experiments", "en")
    assert not app.exception
    shipped = load_precomputed("three_ways")
    assert shipped is not None
    result = shipped.result()
    label = app.button(key="experiments.board.three_ways.helmets").label
    assert result.verdict in label
    assert result.figure is not None
    assert f"**{result.figure.quantity}**" in label
    app.button(key="experiments.board.three_ways.digits").click().run()
    assert app.selectbox(key="experiments.name").value == "three_ways"
    assert app.pills(key="experiments.three_ways.images").value == "digits"
    app.button(key="experiments.all").click().run()
    assert any(button.key == "experiments.board.break_it.digits" for button in app.button)


def test_the_settings_change_the_grid_and_the_code(open_page: OpenPage) -> None:
    app = open_page("experiments", experiment="same_result")
    app.slider(key="experiments.same_result.seeds").set_value(3).run()
    app.slider(key="experiments.same_result.epochs").set_value(7).run()
    assert any("(6 tarefas rápidas)" in button.label for button in app.button)
    assert "epochs=7" in app.code[0].value
    app.button(key="experiments.same_result.reveal").click().run()
    assert "desatualizado" in shown(app), "what ships was measured with other settings"
    app.radio(key="experiments.same_result.guess").set_value(1).run()
    again = open_page("experiments", owner=app.session_state["app.owner"], experiment="same_result")
    assert again.radio(key="experiments.same_result.guess").value == 1, "found again after a reload, without any run"
    assert again.button(key="experiments.same_result.reveal").disabled


def test_a_run_is_measured_by_the_workers_and_says_whether_the_guess_was_right(
    open_page: OpenPage, engine: Any
) -> None:
    app = open_page("experiments", experiment="tensor_counts")
    app.radio(key="experiments.tensor_counts.guess").set_value(1).run()
    app.slider(key="experiments.tensor_counts.head").set_value(128).run()
    app.button(key="experiments.tensor_counts.run").click().run()
    assert not app.exception
    sweep = next(run for run in kept_runs._runs().values() if run.spec.name == "tensor_counts")

    def finished() -> bool:
        sweep.advance()
        return sweep.state != "running"

    wait_until(finished, 200, lambda: sweep.state)
    app.run()
    assert "exatamente como diz a aula" in shown(app)
    assert "Como no seu palpite" in shown(app)
    assert "medido aqui" in shown(app)

    again = AppTest.from_file(str(REPOSITORY / "app.py"), default_timeout=60)
    again.session_state["app.owner"] = app.session_state["app.owner"]  # the same browser, the page loaded again
    again.run()
    again.query_params["experiment"] = "tensor_counts"
    again.switch_page("pages/experiments.py").run()
    assert again.slider(key="experiments.tensor_counts.head").value == 128
    assert again.radio(key="experiments.tensor_counts.guess").value == 1, "and so is the guess"
    assert "exatamente como diz a aula" in shown(again)
    assert "medido aqui" in shown(again)


def test_a_second_session_finds_what_the_first_measured(engine: Any, session_home: Path) -> None:

    spec = get_experiment("tensor_counts")
    first = Sweep(engine, "a" * 32, spec.name, spec.defaults)

    def finished() -> bool:
        first.advance()
        return first.state != "running"

    wait_until(finished, 200, lambda: first.state)
    second = Sweep(engine, "b" * 32, spec.name, spec.defaults)
    assert (second.state, second.recalled) == ("done", len(second.cells))


def test_what_an_interrupted_run_has_measured_is_said_in_a_new_session(open_page: OpenPage) -> None:
    spec = get_experiment("learning_rates")
    first = spec.grid(spec.defaults)[0]
    assert not any("has not ended" in info.value for info in open_page("experiments", "en", experiment=spec.name).info)
    keep(spec.name, first, {"values": {"accuracy": 0.5}, "seconds": 1.0})
    app = open_page("experiments", "en", experiment=spec.name)
    assert not app.exception
    assert any(f"1 of {len(spec.grid(spec.defaults))} measurements" in info.value for info in app.info)


def test_a_cancelled_run_keeps_what_it_has(engine: Any) -> None:
    from tlcore.experiments import ExperimentSettings

    settings = ExperimentSettings(base="VGG16Slim", weights="random", image_size=32, num_images=60)
    sweep = Sweep(engine, "c" * 32, "generality", settings)
    sweep.advance()
    sweep.cancel()
    assert sweep.state == "cancelled"
    assert sweep.done == len(sweep.outcomes)


def test_cancelling_is_confirmed_also_before_any_result_is_shown(open_page: OpenPage, engine: Any) -> None:
    app = open_page("experiments", experiment="learning_rates")
    app.button(key="experiments.learning_rates.run").click().run()
    app.button(key="experiments.learning_rates.cancel").click().run()
    assert not app.exception
    assert any("Cancelad" in info.value for info in app.info)
    app.button(key="experiments.learning_rates.reveal").click().run()
    assert "pré-calculado" in shown(app), "nothing was measured, so what ships is shown"


def test_what_was_cancelled_half_way_has_no_verdict(open_page: OpenPage) -> None:
    spec = get_experiment("regularisation")
    shipped = load_precomputed(spec.name)
    assert shipped is not None
    keep(spec.name, spec.grid(spec.defaults)[0], {"values": dict(shipped.outcomes[0].values), "seconds": 1.0})
    app = open_page("experiments", "en", experiment=spec.name)
    app.button(key=f"experiments.{spec.name}.run").click().run()
    app.button(key=f"experiments.{spec.name}.cancel").click().run()
    app.button(key=f"experiments.{spec.name}.reveal").click().run()
    assert not app.exception
    assert "Not all of it is measured yet" in shown(app)
    assert "on these data" not in shown(app)
    assert "do not decide the claim" not in shown(app)


def test_cells_that_the_engine_forgot_are_measured_again() -> None:
    """The page was closed for longer than the engine keeps what has ended."""
    from tlcore.errors import InvalidArgumentError
    from tlcore.experiments import ExperimentSettings

    class Forgetful:
        submitted: ClassVar[list[Any]] = []

        def submit(self, owner: str, task: str, arguments: Any, *, group: str) -> str:
            self.submitted.append(arguments["cell"])
            return str(len(self.submitted))

        def job(self, job_id: str, owner: str) -> Any:
            raise InvalidArgumentError("Expected the id of a job of this session. Received: {value!r}.", value=job_id)

        def jobs(self, owner: str) -> list[Any]:
            return []

    settings = ExperimentSettings(base="VGG16Slim", weights="random", image_size=32, num_images=60, seeds=1)
    sweep = Sweep(Forgetful(), "e" * 32, "generality", settings)  # type: ignore[arg-type]
    sweep.advance()
    assert sweep.unfinished == []
    sweep.advance()
    assert Forgetful.submitted == sweep.cells * 2


def test_a_cell_that_cannot_be_measured_ends_the_run_with_its_reason(engine: Any) -> None:
    from tlcore.experiments import ExperimentSettings

    settings = ExperimentSettings(base="LeNet5", weights="embedded", image_size=32, num_images=60, seeds=1)
    sweep = Sweep(engine, "d" * 32, "generality", settings)

    def finished() -> bool:
        sweep.advance()
        return sweep.state != "running"

    wait_until(finished, 200, lambda: sweep.state)
    assert sweep.state == "failed"
    assert "embedded" in str(sweep.error)


@pytest.mark.usefixtures("in_portuguese")
def test_numbers_and_texts_are_in_the_language() -> None:
    assert quantity(0.912, "percent") == "91,2%"
    assert quantity(16_812_353, "count") == "16.812.353"
    assert quantity(None, "percent") == "–"
    assert quantity(-0.0004, "points") == "0,0"
    assert (quantity(0.25, "setting"), quantity(0.25, "number"), quantity(0.0, "number")) == ("0,25", "0,250", "0")
    assert in_words(Text("from {layer}", {"layer": Text("from scratch")})) == "a partir de do zero"
    assert in_words(ClassName("hard hat")) == "com capacete"
    assert in_words(ClassName("Code")) == "Code", "a folder of somebody's, not the word on a button"
    assert in_words(Quantity(2.5, "seconds")) == "2,5 s"
    assert in_words(Quantity(1e-5, "scientific")) == "0,00001"
    assert in_words(Quantity(0.000947, "number")) == "0,0009"
    assert in_words(Text("{old_formula}", {"old_formula": "(120 + 1)·84 = 10,164"})) == "(120 + 1)·84 = 10.164"


@pytest.mark.usefixtures("in_portuguese")
def test_tables_have_translated_titles_and_formatted_numbers() -> None:
    columns = (Column("way", "way"), Column("drift", "drift", "number"), Column("none", "gap", "points"))
    (row,) = table(columns, ({"way": Text("the right way"), "drift": 0.25},))
    assert list(row.values()) == ["o jeito certo", "0,250", "–"]


@pytest.mark.parametrize("kind", ["line", "bar", "scatter"])
def test_charts_are_drawn_with_every_series(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.claim_charts.colour", lambda name: "#123456")
    monkeypatch.setattr(i18n, "language", lambda: "en")
    one = Series(Text("one"), [1.0, 10.0], [0.5, None], low=[0.4, 0.4], high=[0.6, 0.6])
    chart = Chart(kind, "x", "y", (one, Series(Text("two"), [1.0, 10.0], [0.1, 0.2])), x_log=True)
    assert {trace.name for trace in figure_of(chart).data} >= {"one", "two"}
    assert [row["two"] for row in chart_rows(chart)] == ["10.0%", "20.0%"]


@pytest.mark.usefixtures("in_english")
def test_a_single_share_does_not_make_an_axis_to_two_hundred_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.claim_charts.colour", lambda name: "#123456")
    first_point = (Series(Text("one"), [1], [1.0]), Series(Text("two"), [1], [None]))
    assert figure_of(Chart("line", "epoch", "accuracy", first_point)).layout.yaxis.range == (0, 1.03)
    assert figure_of(Chart("line", "epoch", "loss", first_point, y_kind="number")).layout.yaxis.range is None


@pytest.mark.usefixtures("in_portuguese")
def test_rates_are_written_in_full_below_their_points(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.claim_charts.colour", lambda name: "#123456")
    figure = figure_of(Chart("line", "x", "y", (Series(Text("one"), [1e-5, 1e-4], [0.5, 0.6]),), x_log=True))
    assert figure.layout.xaxis.ticktext == ("0,00001", "0,0001")


@pytest.mark.usefixtures("in_portuguese")
def test_measured_places_on_a_logarithmic_axis_have_round_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.claim_charts.colour", lambda name: "#123456")
    points = (Series(Text("one"), [0.09, 0.21, 1.31], [0.5, 0.6, 0.7]),)
    figure = figure_of(Chart("scatter", "x", "y", points, x_log=True))
    assert figure.layout.xaxis.ticktext == ("0,05", "0,1", "0,2", "0,5", "1", "2")


def test_long_names_of_bars_stand_in_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pages.ui.common.claim_charts.colour", lambda name: "#123456")
    monkeypatch.setattr(i18n, "language", lambda: "en")
    bars = Series(Text("one"), [Text("the class of the base that is nearest to the task")], [0.5])
    (name,) = figure_of(Chart("bar", "x", "y", (bars,))).data[0].x
    assert max(map(len, name.split("<br>"))) <= 12


def test_each_claim_asks_its_own_question() -> None:
    assert set(QUIZZES) >= set(list_experiments())
    assert len({question.text for question in QUIZZES.values()}) == len(QUIZZES)
