"""Shown code speaks its reader's language: names from one vocabulary, comments from the catalog."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter

import pytest

from pages.ui.common.i18n import translations_of
from tests.unit.shown_code import as_read_in
from tests.unit.shown_panels import every_panel
from tlcore.lesson_code import in_language
from tlcore.lesson_code.vocabulary import files_in, names_in

PANELS = every_panel()
every_piece_of_code = pytest.mark.parametrize("code", PANELS.values(), ids=PANELS.keys())

#: Names that are the same in both languages: the lecture's own English ones, and those of the field.
SAME_IN_BOTH = {
    *("train_labels", "val_labels", "test_labels", "train_features", "val_features", "test_features", "labels"),
    *("set_trainable", "layer", "weights", "dropout", "features", "label", "indices", "bases", "probe", "pca"),
    *("train_set", "val_set", "i", "n", "exif"),
}


def test_variables_parameters_functions_and_files_are_renamed() -> None:
    code = "def train_model(model, rate=1):\n    return model.fit(history, open('photos'))\ntrain_model(images)"
    assert in_language(code, "pt-BR") == (
        "def treina(rna, taxa=1):\n    return rna.fit(historico, open('fotos'))\ntreina(imagens)"
    )


def test_what_belongs_to_keras_keeps_its_name() -> None:
    code = "model.fit(epochs=epochs)\nprint(run.history['images'], data.train.images)"
    assert in_language(code, "pt-BR") == "rna.fit(epochs=epocas)\nprint(treino.history['images'], dados.train.images)"


def test_comments_are_translated_whole_and_quoted_code_is_renamed() -> None:
    code = "model = 1  # before é\n# base_model = VGG16(weights='imagenet')\n# nobody knows this\n#"
    heard = {"before é": "antes é"}
    assert in_language(code, "pt-BR", lambda text: heard.get(text, text)) == (
        "rna = 1  # antes é\n# rna_base = VGG16(weights='imagenet')\n# nobody knows this\n#"
    )


def test_english_stays_as_it_is_written() -> None:
    code = "base_model.trainable = False  # freeze, then compile"
    assert in_language(code, "en") == code


def test_no_two_words_become_one() -> None:
    assert max(Counter(names_in("pt-BR").values()).values()) == 1
    assert not set(names_in("pt-BR").values()) & SAME_IN_BOTH


@every_piece_of_code
def test_every_name_is_in_the_vocabulary(code: str) -> None:
    assert names_of_its_own(code) <= set(names_in("pt-BR")) | SAME_IN_BOTH


@every_piece_of_code
def test_in_portuguese_it_is_the_same_program_with_other_names(code: str) -> None:
    """So that what runs in English, as other tests make sure, runs in Portuguese."""
    translated = as_read_in("pt-BR", code)
    own = names_of_its_own(code) | {"train_images", "val_images"}  # the lecture has its images already
    names, files = names_in("pt-BR"), files_in("pt-BR")
    for ours, theirs in zip(ast.walk(ast.parse(code)), ast.walk(ast.parse(translated)), strict=True):
        assert type(ours) is type(theirs)
        for field in ours._fields:
            word, other = getattr(ours, field), getattr(theirs, field)
            if isinstance(word, (ast.AST, list)):
                continue
            if (type(ours), field) in NAMED and word in own:
                assert other == names.get(word, word)
            elif isinstance(ours, ast.Constant) and word in files:
                assert other == files[word]
            else:
                assert (type(other), other) == (type(word), word)
    assert len({names.get(word, word) for word in own}) == len(own), "no two names become one"


#: Where the name of a variable, a parameter or a function stands.
NAMED = {(ast.Name, "id"), (ast.arg, "arg"), (ast.FunctionDef, "name")}


def names_of_its_own(code: str) -> set[str]:
    """Names that the code gives, not those that it imports or that Python has."""
    nodes = list(ast.walk(ast.parse(code)))
    written = {node.id for node in nodes if isinstance(node, ast.Name) and is_written(node)}
    named = {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    return written | named | {node.arg for node in nodes if isinstance(node, ast.arg)}


def is_written(node: ast.Name) -> bool:
    return isinstance(node.ctx, ast.Store)


@every_piece_of_code
def test_every_comment_is_in_portuguese_too(code: str) -> None:
    translated = translations_of("pt-BR").gettext
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    words = [token.string.removeprefix("# ") for token in tokens if token.type == tokenize.COMMENT]
    english = [text for text in words if translated(text) == text and not says_a_shape(text) and not is_code(text)]
    assert english == []


def says_a_shape(text: str) -> bool:
    return re.fullmatch(r"[-()NHW\d,. ]+", text) is not None


def is_code(text: str) -> bool:
    try:
        return isinstance(ast.parse(text).body[0], ast.Assign)
    except SyntaxError:
        return False
