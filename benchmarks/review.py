"""How the review page bears many proposals, in a headless Chromium: ``python benchmarks/review.py [PROPOSALS]``.

Prints one JSON object: seconds from the navigation to the first paint and to the first proposal in view, and
milliseconds, the worst of ten, from a key to the next frame and to the answer that the decision is on the disk.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

DAMAGED = ("社区是社会治理的重要组成局部，是为人民效劳的前沿。", "我们坚持原那么，按照规那么办事，全心全意为人民效劳。",
           "根底设施建设的根底更加牢固，推动经济社会科学开展。")
HEALTHY = ("清晨的集市里人来人往，卖豆腐的老人把担子放在桥头。", "这一年的雨水比往年多，河边的柳树绿得也早。",
           "他把信折好放进口袋，沿着旧城墙慢慢走回家去。", "孩子们在院子里追着一只纸风筝，笑声传得很远。")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
KEYS = "arraaarjka"
PRESS = """async (key) => {
  const start = performance.now();
  dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const frame = performance.now() - start;
  await new Promise((done) => setTimeout(done, 300));
  const sent = performance.getEntriesByType("resource").find((e) => e.startTime >= start && e.name.endsWith("/decide"));
  return [frame, sent ? sent.responseEnd - start : null];
}"""
WATCH = """
new MutationObserver((_, self) => {
  if (!document.querySelector(".mark")) return;
  self.disconnect();
  requestAnimationFrame(() => setTimeout(() => { window.__first = performance.now(); }));
}).observe(document, { subtree: true, childList: true });
"""


def text(proposals: int) -> str:
    """A text in which the engine finds about so many places; eight in three damaged lines."""
    pick = random.Random(5)
    lines: list[str] = []
    for _ in range(-(-proposals // 8)):
        for line in DAMAGED:
            lines.append("".join([*pick.choices(HEALTHY, k=pick.randint(0, 2)), line]))
    return "\n".join(lines) + "\n"


def measure(proposals: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.txt"
        path.write_text(text(proposals), encoding="utf-8")
        command = [sys.executable, "-m", "corrector", "review", str(path), "--no-open", "--quiet"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        try:
            address = server.stdout.readline().strip()
            return _in_browser(address) | {"characters": len(path.read_text(encoding="utf-8"))}
        finally:
            server.send_signal(signal.SIGINT)
            server.wait(30)


def _in_browser(address: str) -> dict[str, float]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.add_init_script(WATCH)
        page.goto(address)
        page.wait_for_selector(".mark")  # no expression that is waited for: the page forbids `eval`
        page.wait_for_timeout(200)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        first = page.evaluate("window.__first")
        total = page.evaluate("document.querySelector('#bar').max")
        page.wait_for_timeout(500)
        pressed = [page.evaluate(PRESS, key) for key in KEYS]
        browser.close()
    kept = [k for _, k in pressed if k is not None]
    return {"proposals": total, "first_paint_s": round(paint / 1000, 3), "first_proposal_s": round(first / 1000, 3),
            "frame_ms": round(max(f for f, _ in pressed), 1), "kept_ms": round(max(kept), 1)}


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)))
