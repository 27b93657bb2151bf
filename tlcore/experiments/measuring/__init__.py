"""What the claims measure with: data, training runs, probes, records on disk, sweeps over the engine."""
