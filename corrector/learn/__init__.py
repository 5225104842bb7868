"""Learning: the corpora, their split by document, the training of the context model. Never imported by the engine."""
