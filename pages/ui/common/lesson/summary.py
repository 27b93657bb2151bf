"""What a person has measured in the lesson, as one text to read and to take along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pages.ui.common.i18n import _, as_plain_text, number, percent
from pages.ui.common.lesson.progress import progress
from pages.ui.common.lesson.steps import STEPS
from pages.ui.common.owner import owner
from pages.ui.common.trained import run_label
from tlcore.architectures import get_architecture
from tlcore.engine.tasks.trained_run import KeptRun, kept_runs
from tlcore.store import OwnerStore


def summary_text() -> str:
    """Markdown: networks that were trained, claims, layers and photos, and the questions; "" before anything happened.

    Nothing in it is an example: each number was measured for this person.
    """
    networks = _networks(kept_runs(OwnerStore(owner())))
    return "\n\n".join(part for part in (networks, _claims(), "\n".join(_said()), _questions()) if part)


def _networks(runs: Sequence[KeptRun]) -> str:
    if not runs:
        return ""
    rows = [
        (
            as_plain_text(run_label(run)),
            _(get_architecture(run.run.spec.base).title),
            f"{number(run.run.trainable_tensors_before)} → {number(run.run.trainable_tensors_after)}",
            percent(run.run.test_metrics.accuracy),
            number(sum(map(sum, run.run.test_metrics.confusion_matrix))),
        )
        for run in reversed(runs)
    ]
    titles = (_("network"), _("base"), _("trainable tensors"), _("test accuracy"), _("test images"))
    return _table(titles, rows)


def _claims() -> str:
    from tlcore.experiments import get_experiment, list_experiments  # heavy, and only where there is a claim to name

    verdicts = {"holds": _("holds"), "fails": _("fails"), "unclear": _("unclear")}
    guesses = {True: _("right"), False: _("wrong"), None: "–"}
    where = {"measured": _("measured here"), "precomputed": _("precomputed")}
    rows = []
    for what, facts in progress().done.items():
        kind, _space, name = what.partition(" ")
        if kind == "claim" and name in list_experiments():
            verdict, shown = str(facts.get("verdict")), str(facts.get("shown"))
            guessed = facts.get("guessed")
            rows.append(
                (
                    _(get_experiment(name).title),
                    verdicts.get(verdict, verdict),
                    guesses[guessed if isinstance(guessed, bool) else None],
                    where.get(shown, shown),
                )
            )
    return _table((_("claim"), _("verdict"), _("your guess"), _("where it comes from")), rows) if rows else ""


def _said() -> Iterator[str]:
    """One line each for what is no row of a table."""
    done = progress().done
    if "formula" in done:
        facts = done["formula"]
        line = _("Layer {layer}: {parameters} parameters.").format(
            layer=f"`{facts.get('layer')}`", parameters=number(float(facts.get("parameters") or 0))
        )
        guess = facts.get("guess")
        guessed = "" if guess is None else " " + _("Your guess was {guess}.").format(guess=number(float(guess)))
        yield f"- {line}{guessed}"
    if "images" in done:
        facts = done["images"]
        yield "- " + _("Images: {name}, {count}.").format(
            name=as_plain_text(str(facts.get("name"))), count=number(float(facts.get("count") or 0))
        )
    bugs = sum(what.startswith("mistake ") and not facts.get("looked_up") for what, facts in done.items())
    if bugs:
        yield "- " + _("Bugs found in the museum: {count}.").format(count=number(bugs))
    if "answered" in done:
        facts = done["answered"]
        yield "- " + _("The last photo: “{name}” with {share}.").format(
            name=as_plain_text(str(facts.get("said"))), share=percent(float(facts.get("share") or 0))
        )


def _questions() -> str:
    answered = [step.question.answered() for step in STEPS]
    right = sum(choice is not None and choice.right for choice in answered)
    if not any(answered):
        return ""
    return _("Questions of the lesson answered right: {right} of {count}.").format(
        right=number(right), count=number(len(STEPS))
    )


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown, not st.dataframe: that loads pandas, half a second and 77 MB."""
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
