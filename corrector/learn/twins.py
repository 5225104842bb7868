"""A damaged text beside its healthy twin, and the pairs that each difference suggests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .align import Hunk

CONTEXT = 3  # characters around a difference that may belong to the pair
GAP = 3  # so many equal characters may stand inside a pair: 如图所示→如下列图
LONGEST = 8  # characters of an original or of what is written for it

Words = tuple[str, str]  # an original and what was written for it


@dataclass(frozen=True)
class Twin:
    damaged: str
    original: str
    hunks: list[Hunk]

    def suggestions(self) -> Iterator[tuple[Words, int, int]]:
        """Pairs that would explain some hunks, with the first and the last of them."""
        for first, head in enumerate(self.hunks):
            before = head.original_start - (self.hunks[first - 1].original_end if first else 0)
            for last in range(first, min(first + 4, len(self.hunks))):
                tail = self.hunks[last]
                if last > first and tail.original_start - self.hunks[last - 1].original_end > GAP:
                    break
                if max(tail.original_end - head.original_start, tail.end - head.start) > LONGEST:
                    break
                following = self.hunks[last + 1].original_start if last + 1 < len(self.hunks) else len(self.original)
                after = following - tail.original_end
                for left in range(min(before, CONTEXT) + 1):
                    for right in range(min(after, CONTEXT) + 1):
                        original = self.original[head.original_start - left : tail.original_end + right]
                        converted = self.damaged[head.start - left : tail.end + right]
                        if _writable(original, converted):
                            yield (original, converted), first, last

    def split(self, table: dict[str, str]) -> Twin:
        """The same twin with hunks cut in two where a pair of ``table`` begins or ends one, or where a line does."""
        hunks: list[Hunk] = []
        for h in self.hunks:
            original, damaged = self.original[h.original_start : h.original_end], self.damaged[h.start : h.end]
            cut = _cut(original, damaged, self.original[h.original_end :][:LONGEST], table)
            if cut is None:
                hunks.append(h)
            else:
                i, j = h.original_start + cut[0], h.start + cut[1]
                hunks += Hunk(h.start, j, h.original_start, i), Hunk(j, h.end, i, h.original_end)
        return Twin(self.damaged, self.original, hunks)


def _cut(original: str, damaged: str, following: str, table: dict[str, str]) -> tuple[int, int] | None:
    """Where to cut a hunk in two, if anywhere: 安全注意事项 is 安全 and something else, a line that is gone is gone."""
    if not 0 < len(damaged) <= 2 * LONGEST:
        return None
    if "\n" in original:
        head, tail = original.find("\n"), len(original) - original.rfind("\n") - 1
        if head:  # of lines with the same end one is gone: what follows may be the end of the first
            return next((k for k in range(1, head) if following.startswith(original[k:head])), head), len(damaged)
        return (len(original) - tail, 0) if tail else None
    for size in range(1, min(len(original), LONGEST + 1)):
        if (written := table.get(original[:size])) and len(written) < len(damaged) and damaged.startswith(written):
            return size, len(written)
        if (written := table.get(original[-size:])) and len(written) < len(damaged) and damaged.endswith(written):
            return len(original) - size, len(damaged) - len(written)
    return None


def _writable(original: str, converted: str) -> bool:
    """Whether a table can hold this pair: a deletion is written with its context, ``#`` begins a comment."""
    both = original + converted
    return (0 < len(original) <= LONGEST >= len(converted) > 0 and original[0] != "#"
            and not any(c.isspace() or not c.isprintable() for c in both))
