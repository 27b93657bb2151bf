"""The parts of the architecture explorer; each draws one tab from an `ArchitectureSummary`."""
