"""What the engine can be asked to do: thin wrappers of the library, run inside a worker."""
