"""Makes the images of the review page in this folder, of ``examples/报告.txt``: ``make images``."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
REPORT = HERE.parent.parent / "examples" / "报告.txt"
ARGUMENTS = ["--no-sandbox", "--disable-gpu"]


def pressed(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_timeout(100)


def taken(page: Page, name: str) -> None:
    page.wait_for_selector("#message:empty", state="attached")
    page.screenshot(path=HERE / f"review{name}.png")


def images(page: Page) -> None:
    pressed(page, "Shift+A", "Shift+A", "Shift+A", "e")
    page.fill("#words", "基石")
    taken(page, "-edit")
    pressed(page, "Enter")
    taken(page, "")
    pressed(page, "c", "t")
    taken(page, "-dark")
    pressed(page, "?")
    taken(page, "-keys")
    pressed(page, "Escape", "t")
    page.set_viewport_size({"width": 480, "height": 760})
    pressed(page, "j")
    taken(page, "-narrow")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        shutil.copy(REPORT, folder)
        command = [sys.executable, "-m", "corrector", "review", REPORT.name, "--no-open", "--lang", "zh"]
        with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdout is not None
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
            page = browser.new_page(viewport={"width": 1280, "height": 760}, locale="zh-CN")
            page.goto(server.stdout.readline().strip())
            page.wait_for_selector("#count:not(:empty)")
            images(page)
            browser.close()
            server.send_signal(signal.SIGINT)


if __name__ == "__main__":
    main()
