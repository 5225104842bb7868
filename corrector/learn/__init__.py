"""Learning: the corpora and their split by document; the training of what is shipped (context model, slips, reader,
classes); converter tables from twins and from corpora; what decisions teach. Never imported by the engine."""
