"""File kinds: bytes in, text out, and the corrected text back into the same bytes elsewhere. One module a kind."""
