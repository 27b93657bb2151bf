"""ConvNeXt: a ResNet rebuilt with what transformers taught."""

from __future__ import annotations

from tlcore.translatable import N_

from ..specification import ArchitectureSpec, PublishedFigures, keras_files


def _convnext(variant: str, note: str, figures: tuple[float, float], hashes: tuple[str, str]) -> ArchitectureSpec:
    return ArchitectureSpec(
        name=f"ConvNeXt{variant}",
        title=f"ConvNeXt {variant}",
        family="ConvNeXt",
        year=2022,
        paper="Liu et al., A ConvNet for the 2020s",
        paper_url="https://arxiv.org/abs/2201.03545",
        note=note,
        builder=f"ConvNeXt{variant}",
        weights=keras_files("convnext", f"convnext_{variant.lower()}", hashes),
        weights_source="Meta",
        weights_licence="MIT",
        published=PublishedFigures("keras.io", *figures),
    )


CONVNEXT = (
    _convnext(
        "Tiny",
        N_(
            "A ResNet50 modernised step by step with what vision transformers do: 7x7 depthwise kernels, LayerNorm, "
            "one activation per block. It ends as good as the transformers of its time."
        ),
        (109.42, 0.813),
        (
            "8ae6e78ce2933352b1ef4008e6dd2f17bc40771563877d156bc6426c7cf503ff",
            "d547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1",
        ),
    ),
    _convnext(
        "Small",
        N_("Tiny with 27 instead of 9 blocks in its third stage: ResNet101 is to ResNet50 what Small is to Tiny."),
        (192.29, 0.823),
        (
            "ce1277d8f1ee5a0ef0e171469089c18f5233860ceaf9b168049cb9263fd7483c",
            "6fc8009faa2f00c1c1dfce59feea9b0745eb260a7dd11bee65c8e20843da6eab",
        ),
    ),
    _convnext(
        "Base",
        N_("Small, a third wider. Its weights were first trained on the 21,000 classes of the full ImageNet."),
        (338.58, 0.853),
        (
            "52cbb006d3dadd03f6e095a8ca1aca47aecdd75acb4bc74bce1f5c695d0086e6",
            "40a20c5548a5e9202f69735ecc06c990e6b7c9d2de39f0361e27baeb24cb7c45",
        ),
    ),
    _convnext(
        "Large",
        N_(
            "Twice as wide as Small, so nearly four times its parameters: those of a convolution grow with width "
            "squared."
        ),
        (755.07, 0.863),
        (
            "070c5ed9ed289581e477741d3b34beffa920db8cf590899d6d2c67fba2a198a6",
            "96f02b6f0753d4f543261bc9d09bed650f24dd6bc02ddde3066135b63d23a1cd",
        ),
    ),
    _convnext(
        "XLarge",
        N_("350 million parameters, the largest network here: 0.4 points of top 1 above Large, for 152 million more."),
        (1310, 0.867),
        (
            "c1f5ccab661354fc3a79a10fa99af82f0fbf10ec65cb894a3ae0815f17a889ee",
            "de3f8a54174130e0cecdc71583354753d557fcf1f4487331558e2a16ba0cfe05",
        ),
    ),
)
