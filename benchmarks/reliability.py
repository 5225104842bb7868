"""The reliability plot as SVG: how often edits of a confidence are right. Written by ``accuracy.py --plot FILE``.

Drawn by hand: five kinds of elements need no plotting library, and the file is the same to the byte for the same bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 560, 560
LEFT, TOP, SIDE = 84, 76, 420  # of the square that holds the points
LOW = 0.5
INK, QUIET, LINE, POINT = "#1f2933", "#6b7785", "#d9dee4", "#0f766e"
FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif"


class Bin(NamedTuple):
    """Edits of about one confidence: its mean, how many they are, and how many of them are right."""

    confidence: float
    edits: int
    right: int


def svg(bins: Sequence[Bin], subtitle: str) -> str:
    """The plot; empty bins are left out. A point above the diagonal is surer than it says, one below less sure."""
    marks = [_line(_x(v), TOP, _x(v), TOP + SIDE) + _line(LEFT, _y(v), LEFT + SIDE, _y(v))
             + _text(_x(v), TOP + SIDE + 20, f"{v:.1f}", "middle") + _text(LEFT - 10, _y(v) + 4, f"{v:.1f}", "end")
             for v in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)]
    marks.append(_line(_x(LOW), _y(LOW), _x(1), _y(1), f'stroke="{QUIET}" stroke-dasharray="5 4"'))
    most = max((b.edits for b in bins), default=1)
    known = [b for b in bins if b.edits]
    places = [(_x(b.confidence), _y(max(LOW, b.right / b.edits))) for b in known]
    marks.append(f'<polyline fill="none" stroke="{POINT}" stroke-width="1.5" opacity="0.6" points="'
                 + " ".join(f"{x:.1f},{y:.1f}" for x, y in places) + '"/>')
    for b, (x, y) in zip(known, places, strict=True):
        radius = 4 + 8 * (b.edits / most) ** 0.5
        said = f"{b.confidence:.3f}: {b.right} / {b.edits} = {b.right / b.edits:.3f}"
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{POINT}" stroke="#fff">'
                     f"<title>{said}</title></circle>")
        marks.append(_text(x, y + radius + 14, f"{b.edits:,}", "middle", 11))
    marks += [
        _text(LEFT, 30, "置信度可信吗 · Reliability of confidences", "start", 18, INK),
        _text(LEFT, 54, subtitle, "start"),
        _text(LEFT + SIDE / 2, TOP + SIDE + 46, "给出的置信度 · confidence given", "middle", 13, INK),
        f'<g transform="rotate(-90 28 {TOP + SIDE / 2})">'
        + _text(28, TOP + SIDE / 2, "实际正确的比例 · share that is right", "middle", 13, INK) + "</g>",
    ]
    body = "\n".join(marks)
    size = f'width="{WIDTH}" height="{HEIGHT}"'
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" {size} role="img" '
            f'font-family="{FONT}">\n<rect {size} fill="#fff"/>\n{body}\n</svg>\n')


def _x(value: float) -> float:
    return LEFT + (value - LOW) / (1 - LOW) * SIDE


def _y(value: float) -> float:
    return TOP + SIDE - (value - LOW) / (1 - LOW) * SIDE


def _line(x1: float, y1: float, x2: float, y2: float, style: str = f'stroke="{LINE}"') -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {style}/>'


def _text(x: float, y: float, text: str, anchor: str, size: int = 12, colour: str = QUIET) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}" fill="{colour}">{text}</text>'
