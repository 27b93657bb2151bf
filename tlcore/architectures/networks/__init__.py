"""The networks that Keras does not ship, built here from its layers."""
