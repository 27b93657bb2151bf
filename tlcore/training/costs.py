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


def phase_costs(phase: str, inputs: PhaseInputs) -> PhaseCosts:
    """Adds up what preparing `inputs` took."""
    outputs = list(inputs.outputs.values())
    return PhaseCosts(
        phase=phase,
        frozen=inputs.cut.prefix is not None,
        each_epoch=inputs.per_batch_prefix is not None,
        computed=sum(len(output.arrays[0]) for output in outputs if not output.hit),
        hits=sum(output.hit for output in outputs),
        cached_bytes=sum(output.num_bytes for output in outputs if output.on_disk),
        seconds_per_image=inputs.outputs["train"].seconds_per_image if outputs else None,
        precision=outputs[0].precision if outputs else "float32",
        parity=next((output.parity for output in outputs if output.parity is not None), None),
    )
