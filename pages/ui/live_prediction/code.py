"""Keras code of a prediction and of its explanation."""

from __future__ import annotations

from pages.ui.common.i18n import _
from pages.ui.live_prediction.state import CLASS, METHOD
from tlcore.architectures import get_architecture

_PREDICTION = """\
import tlcore
from keras.utils import img_to_array, load_img

{network}

imagem = img_to_array(load_img('foto.jpg', target_size=rna.input_shape[1:3],
                               keep_aspect_ratio=True))  # (H, W, 3), {photo}
respostas = tlcore.predict({asked}, imagem, top=5)
for resposta in respostas:
    print(resposta.class_name, resposta.probability)

# {where}
{explanation}
"""
_EXPLANATIONS = {
    "grad_cam": "mapa = tlcore.grad_cam(rna, imagem, respostas[{place}].index)  # (H, W), 0 .. 1",
    "occlusion": (
        "from tlcore.explanation import occlusion_map\n\n"
        "mapa = occlusion_map(rna, imagem, respostas[{place}].index)  # (H, W), -1 .. 1"
    ),
}


def prediction_code(model: str | None) -> str:
    """The answer of the chosen network, a base as "name/weights" or a run, to one photo."""
    base, _slash, weights = (model or "").partition("/")
    if weights:
        shape = get_architecture(base).default_input_shape
        asked = "rna"
        network = (
            f"rna = tlcore.build_base({base!r}, input_shape={shape}, weights={weights!r},\n"
            "                        include_top=True)"
        )
    else:
        asked = "treino"
        network = "treino = tlcore.load_project('projeto.zip')  # {what}\nrna = treino.model".format(
            what=_("the project file of the run, from the page on fine-tuning")
        )
    return _PREDICTION.format(
        network=network,
        asked=asked,
        photo=_("RGB, 0 to 255"),
        where=_("which parts of the photo speak for this answer"),
        explanation=_EXPLANATIONS[METHOD.get()].format(place=CLASS.get()),
    )
