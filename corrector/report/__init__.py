"""Outputs: one module an output; each turns a checked file into characters and knows nothing of where they go."""
