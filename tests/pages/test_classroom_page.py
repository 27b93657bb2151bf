"""The page of a class: its teacher and its students, each in a browser of their own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from pages.ui.classroom import download, drawing
from pages.ui.classroom.address import qr_picture
from pages.ui.classroom.room import Room, forget_room
from pages.ui.common.charts import as_csv
from tlcore.classroom import ClassPlan, Classroom, ClassStore, room_result
from tlcore.experiments.measuring.cache import keep
from tlcore.experiments.measuring.seeds import cells_of_seed

OpenPage = Callable[..., AppTest]

TEACHER, ANA, ZE = "1" * 32, "2" * 32, "3" * 32
RUDE = "=<b>**Zé**</b>[x](u)"
PLAN = ClassPlan(experiment="dense_layers", dataset="helmets", base="EfficientNetLite0", weights="imagenet", pool=300)


@pytest.fixture
def code() -> str:
    return ClassStore().open(TEACHER, PLAN)


def written(app: AppTest) -> str:
    kinds = (app.title, app.header, app.subheader, app.markdown, app.caption, app.info, app.error, app.metric)
    return "\n".join(f"{getattr(element, 'label', '')} {element.value}" for kind in kinds for element in kind)


def press(app: AppTest, key: str) -> AppTest:
    forget_room()
    return app.button(key=key).click().run()


def measure(classroom: Classroom, seed: int, *, fresh: float, kept: float) -> None:
    """As if a worker had measured a run."""
    resized = {"fits": False, "layer": "fc1", "old_formula": "1", "new_formula": "2", "message": None}
    for cell in cells_of_seed("dense_layers", classroom.settings, seed):
        accuracy = {"kept": kept, "fresh": fresh}.get(cell["way"])
        compared = {"accuracy": accuracy, "num_test": 40, "features": 8, "trained_parameters": 9}
        record = {"values": resized if accuracy is None else compared, "seconds": 0.5, "measured_at": f"2026-{seed}"}
        keep("dense_layers", cell, record)


def test_a_class_from_the_first_click_to_the_last(open_page: OpenPage) -> None:
    teacher = open_page("classroom", "en", TEACHER)
    teacher.select_slider(key="classroom.shared_images").set_value(300).run()
    press(teacher, "classroom.open")
    assert not teacher.exception
    code = teacher.query_params["code"]
    code = code[0] if isinstance(code, list) else code
    assert f"code={code}" in teacher.code[0].value

    ana = open_page("classroom", "en", ANA, code=code.lower())
    ana.text_input(key="classroom.nickname").set_value("x" * 200)
    press(ana, "classroom.join")
    assert "at most 24 letters. Yours has 200" in ana.error[0].value
    ana.text_input(key="classroom.nickname").set_value(RUDE)
    press(ana, "classroom.join")
    assert r"You are **\=\<b\>\*\*Zé\*\*\<\/b\>\[x\]\(u\)**, number 1" in written(ana)
    ze = open_page("classroom", "en", ZE)
    ze.text_input(key="classroom.typed_code").set_value("BBBBB")
    press(ze, "classroom.go")
    assert "There is no class with the code “BBBBB”" in ze.error[0].value
    ze.text_input(key="classroom.typed_code").set_value(code)
    press(ze, "classroom.go")
    ze.text_input(key="classroom.nickname").set_value(RUDE.upper())
    press(ze, "classroom.join")
    assert "already" in ze.error[0].value
    ze.text_input(key="classroom.nickname").set_value("Zé")
    press(ze, "classroom.join")
    assert "number 2" in written(ze)

    ana.radio(key=f"classroom.guess.{code}").set_value(1).run()
    press(teacher, "classroom.paused")
    assert ana.run().button(key="classroom.run").disabled
    assert "paused the class" in written(ana)
    press(teacher, "classroom.paused")
    assert "1 student has guessed." in written(teacher)
    classroom, members = ClassStore().get(code), ClassStore().members(code)
    for member, accuracy in zip(members, (0.9, 0.7), strict=True):
        measure(classroom, member.seed, fresh=accuracy, kept=0.6)
    for student in (ana.run(), ze):
        press(student, "classroom.run")
        assert not student.exception
        assert "shows the points" in written(student)
    assert ana.metric[0].value == "30.0"
    assert ana.radio(key=f"classroom.guess.{code}").disabled

    press(teacher, "classroom.shown")
    assert "After 2 runs: 20.0 points" in written(teacher)
    assert "What the room found" not in written(teacher)
    press(teacher, "classroom.revealed")
    assert "What the room found" in written(teacher)
    teacher.toggle(key="classroom.server_shown").set_value(True).run()
    here = {metric.label: metric.value for metric in teacher.metric}["people, of the last 5 minutes"]
    assert int(here) >= 3, "these, and who came in other tests just now"
    assert "Free on the machine of this page" in written(teacher)
    assert "classroom.server_shown" not in [toggle.key for toggle in ana.run().toggle]
    teacher.text_input(key="classroom.new_name").set_value("Student 1").run()
    press(teacher, "classroom.rename")
    forget_room()
    again = open_page("classroom", "pt-BR", ANA, code=code)  # the phone was away meanwhile
    assert "Você é **Student 1**" in written(again)
    assert "O que a sala encontrou" in written(again)
    assert "Depois de 2 medições: 20,0 pontos" in written(again)
    assert again.radio(key=f"classroom.guess.{code}").value == 1

    back = open_page("classroom", "en", TEACHER)  # the laptop was closed
    press(back, f"classroom.own.{code}")
    back.checkbox(key="classroom.sure").check().run()
    press(back, "classroom.erase")
    assert not back.exception
    assert "Não há turma com o código" in written(again.run())
    assert any(box.key == "classroom.typed_code" for box in again.text_input)


def test_what_the_teacher_hides_is_not_on_a_students_screen(open_page: OpenPage) -> None:
    hidden = PLAN.model_copy(update={"hidden": ("room", "settings", "code")})
    code = ClassStore().open(TEACHER, hidden)
    member = ClassStore().join(code, ANA, "Ana")
    measure(ClassStore().get(code), member.seed, fresh=0.9, kept=0.6)
    ClassStore().note_start(code, ANA)
    ClassStore().change(code, TEACHER, shown=True)
    app = open_page("classroom", "en", ANA, code=code)
    assert not app.exception
    assert app.metric[0].value == "30.0"
    assert not app.get("plotly_chart")
    assert not app.code
    assert not any(expander.label.endswith("What is measured") for expander in app.expander)


@pytest.mark.usefixtures("in_english")
def test_the_file_has_every_measurement_and_no_formula(code: str) -> None:
    store = ClassStore()
    members = [store.join(code, owner, name) for owner, name in ((ANA, RUDE), (ZE, "Zé"))]
    store.note_guess(code, ANA, 2)
    store.note_start(code, ANA)
    classroom = store.get(code)
    measure(classroom, members[0].seed, fresh=0.9, kept=0.6)
    room = Room(store.members(code), room_result(classroom, store.members(code)))
    rows = list(csv.DictReader(io.StringIO(as_csv(download.csv_rows(classroom, room)))))
    assert [(row["number"], row["accuracy"]) for row in rows] == [("1", "0.6"), ("1", "0.9"), ("2", "")]
    assert rows[0]["student"] == f"'{RUDE}"
    assert rows[0]["guess"] == "The outputs of the base's own dense layers"
    assert (rows[0]["trained parameters"], rows[0]["seed"]) == ("9", str(members[0].seed))


@pytest.mark.usefixtures("in_english")
def test_a_nickname_is_no_html_beside_a_point(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[Any] = []
    monkeypatch.setattr(drawing, "chart", lambda figure, *arguments, **options: drawn.append(figure))
    monkeypatch.setattr(drawing, "colour", lambda name: "#123456")
    store = ClassStore()
    member = store.join(code, ANA, RUDE)
    store.note_start(code, ANA)
    measure(store.get(code), member.seed, fresh=0.9, kept=0.6)
    result = room_result(store.get(code), store.members(code))
    drawing.growth_chart(result, own=None, named=True, key="x")
    texts = [text for line in drawn[0]["data"] for text in line.get("text", [])]
    assert texts == ["=&lt;b&gt;**Zé**&lt;/b&gt;[x](u)"]
    drawing.growth_chart(result, own=member, named=False, key="x")
    assert [line["name"] for line in drawn[1]["data"]][-1] == "your run"


def test_the_picture_is_one() -> None:
    assert qr_picture("http://192.168.0.10:8501/classroom?code=BCDFG").startswith(b"\x89PNG")
