"""Corpora: folders of files, JSON Lines and Parquet, corrected on one machine so that a crash costs seconds.

Start with :mod:`.run`, the way of a run in one function. A corpus is cut into **shards** of a few megabytes
(:mod:`.plan`); a worker (:mod:`.worker`) corrects one shard and writes what came of it aside, then a **mark** that it
is done (:mod:`.marks`). The parent takes the shards in their order, puts them together and keeps the books
(:mod:`.ledger`, :mod:`.tally`). What a shard gives depends on the shard alone, never on the number of processes or on
what happened before: this is why an interrupted run ends in the same bytes.

One module a kind of input: :mod:`.jsonl`, :mod:`.parquet`, :mod:`.documents`. Other people's engines call
:class:`.texts.Texts`, as the workers do: :mod:`.spark`, :mod:`.datatrove`, :mod:`.juicer`.
"""
