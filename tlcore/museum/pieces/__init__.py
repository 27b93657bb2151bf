"""The pieces, by what goes wrong: freezing, images, answers."""
