"""Review: people decide, and their decisions are kept.

Start with :mod:`.decisions` (one row a proposal, one line a row), then :mod:`.places` (how a decided place is found
again in a text that was edited), :mod:`.store` (the file on the disk), :mod:`.session` (files under review: decide,
undo), :mod:`.carry` (decisions into bytes). :mod:`.server` is the page; ``fix -i`` and ``apply`` are in the commands.
"""
