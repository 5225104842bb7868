// The strip beside the document: from top to bottom which part a converter touched, where proposals are and what became
// of them, and what is in the window now. A click goes there. For screen readers the same is said under "diagnosis".

import { UNDECIDED } from "./model.js";

export class Strip {
  constructor(root, view) {
    this.canvas = root.firstElementChild;
    this.view = view;
    root.addEventListener("pointerdown", (event) => this.jump(event));
    root.addEventListener("pointermove", (event) => { if (event.buttons) this.jump(event); });
    addEventListener("scroll", () => this.soon(), { passive: true });
    new ResizeObserver(() => this.soon()).observe(root);
  }

  show(model) {
    this.model = model;
    this.soon();
  }

  soon() {
    this.waiting ??= requestAnimationFrame(() => {
      this.waiting = undefined;
      this.draw();
    });
  }

  jump(event) {
    const box = this.canvas.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientY - box.top) / box.height));
    if (this.model) this.view.scrollTo(Math.floor(share * this.model.text.length));
  }

  draw() {
    const { canvas, model } = this;
    if (!model) return;
    const ratio = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d"), style = getComputedStyle(canvas);
    const colour = (name) => style.getPropertyValue(`--strip-${name}`);
    pen.scale(ratio, ratio);
    const length = Math.max(1, model.text.length), y = (offset) => offset / length * height;
    pen.fillStyle = colour("paper");
    pen.fillRect(0, 0, width, height);
    pen.fillStyle = colour("part");
    for (const d of model.diagnosis) for (const [a, b] of d.spans) pen.fillRect(0, y(a), width, Math.max(1, y(b) - y(a)));
    const open = new Uint8Array(Math.ceil(height) + 1), done = new Uint8Array(open.length);
    for (let i = 0; i < model.total; i++) {
      (model.decision[i] === UNDECIDED ? open : done)[Math.floor(y(model.starts[i]))] = 1;
    }
    for (let n = 0; n < open.length; n++) {
      if (!open[n] && !done[n]) continue;
      pen.fillStyle = colour(open[n] ? "open" : "done");
      pen.fillRect(2, n, width - 4, 1.5);
    }
    const [from, to] = this.view.inWindow();
    pen.strokeStyle = colour("window");
    pen.lineWidth = 1.5;
    pen.strokeRect(0.75, Math.max(0.75, y(from)), width - 1.5, Math.max(6, y(to) - y(from)) - 1.5);
  }
}
