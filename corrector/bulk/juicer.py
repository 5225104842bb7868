"""data-juicer: an operator to load by the path of this file.

    custom_operator_paths: [".../corrector/bulk/juicer.py"]
    process:
      - chinese_corrector_mapper: {level: likely, edits_key: edits}
"""

from __future__ import annotations

from typing import Any

from data_juicer.ops.base_op import OPERATORS, Mapper

from corrector.bulk.texts import configured, shared  # absolute: data-juicer loads this file outside of its package
from corrector.edits import apply
from corrector.errors import Trouble

FIELDS = ("start", "end", "original", "replacement", "converter", "confidence", "tier")


@OPERATORS.register_module("chinese_corrector_mapper")
class ChineseCorrectorMapper(Mapper):  # type: ignore[misc]
    """Undoes what word-substitution converters did to Chinese texts, and leaves healthy ones alone."""

    _batched_op = True

    def __init__(self, level: str = "likely", converters: list[str] | None = None, document_evidence: bool = True,
                 edits_key: str = "", model: str | list[str] | None = None, misread: bool | None = None, *args: Any,
                 **kwargs: Any) -> None:
        """
        Initialization method.

        :param level: edits from this tier on: certain, likely or possible.
        :param converters: only these tables.
        :param document_evidence: whether the whole text bears on each place in it.
        :param edits_key: the field for the list of edits; none if empty.
        :param model: also these models, folders made by corrector train, with their tables.
        :param misread: the texts are known to be misread by recognition; false looks for no such slips.
        """
        super().__init__(*args, **kwargs)
        self._config = configured({"level": level, "converters": converters, "document_evidence": document_evidence,
                                   "model": model or (), "misread": misread})
        self._edits_key = edits_key

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """A batch of samples with their texts corrected."""
        given = samples[self.text_key]
        found = shared(self._config).made([text or "" for text in given])
        edits = [[] if isinstance(made, Trouble) else made for made in found]
        samples[self.text_key] = [text and apply(text, made) for text, made in zip(given, edits, strict=True)]
        if self._edits_key:
            samples[self._edits_key] = [[{n: str(getattr(e, n)) if n == "tier" else getattr(e, n) for n in FIELDS}
                                         for e in made] for made in edits]
        return samples
