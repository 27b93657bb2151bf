"""What the inputs of one phase cost."""

from __future__ import annotations

from dataclasses import dataclass

from .inputs import PhaseInputs


@dataclass(frozen=True)
class PhaseCosts:
    """What the inputs of one phase cost; plain values, kept in checkpoints.

    Attributes:
        phase: Name of the phase.
        frozen: A part of the network below what is trained is frozen.
        each_epoch: That part runs on each batch anew.
        computed: Images that were run through it for the cache.
        hits: Splits whose features were there already.
        cached_bytes: On disk.
        seconds_per_image: Of the frozen part, as measured when it was run; None if it was not run for the cache.
        precision: "float32" or "bfloat16".
        parity: Largest difference of half precision from float32, relative; None where it was not measured.
        runtime: What ran it: "tensorflow" or "litert".
        times_predict: How many times as fast as Keras's `predict` it was run; None where that was not measured.
    """

    phase: str
    frozen: bool
    each_epoch: bool
    computed: int
    hits: int
    cached_bytes: int
    seconds_per_image: float | None
    precision: str
    parity: float | None
    runtime: str = "tensorflow"
    times_predict: float | None = None


def phase_costs(phase: str, inputs: PhaseInputs) -> PhaseCosts:
    """Adds up what preparing `inputs` took."""
    outputs = list(inputs.outputs.values())
    computations = [
        inputs.outputs[name].computation for name in sorted(inputs.outputs, key=lambda name: name != "train")
    ]
    return PhaseCosts(
        phase=phase,
        frozen=inputs.cut.prefix is not None,
        each_epoch=inputs.per_batch_prefix is not None,
        computed=sum(len(output.arrays[0]) for output in outputs if not output.hit),
        hits=sum(output.hit for output in outputs),
        cached_bytes=sum(output.num_bytes for output in outputs if output.on_disk),
        seconds_per_image=computations[0].seconds_per_image if computations else None,
        precision=computations[0].precision if computations else "float32",
        parity=next((found.parity for found in computations if found.parity is not None), None),
        runtime=computations[0].runtime if computations else "tensorflow",
        times_predict=next((found.times_predict for found in computations if found.times_predict is not None), None),
    )
