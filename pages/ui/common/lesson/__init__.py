"""The guided lesson: its steps in their order, how far a person has come, and the strip that leads through."""
