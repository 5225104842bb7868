// The document as it would be read. It is cut into pages of some thousand characters; only those near the window hold
// text, the others are boxes of the height they had or are expected to have. All text goes in as text nodes.

import { VERDICTS } from "./model.js";
import { say } from "./words.js";

const PAGE = 2500, LONG = 1500;

export class DocumentView {
  constructor(root, choose) {
    this.root = root;
    root.addEventListener("click", (event) => {
      const mark = event.target.closest(".mark");
      if (mark) choose(Number(mark.dataset.i));
    });
    this.observer = new IntersectionObserver((entries) => {
      for (const e of entries) e.isIntersecting ? this.fill(e.target) : this.empty(e.target);
    }, { rootMargin: "1500px 0px" });
  }

  show(model) {
    this.model = model;
    this.observer.disconnect();
    this.pages = cut(model);
    const style = getComputedStyle(this.root);
    const size = parseFloat(style.fontSize), line = parseFloat(style.lineHeight) || size * 2;
    const width = Math.max(10, Math.floor(this.root.clientWidth / size));
    const boxes = this.pages.map((page, n) => {
      const box = document.createElement("div");
      box.className = "page";
      box.dataset.n = n;
      const lines = page.blocks.reduce((sum, [a, b]) => sum + Math.max(1, Math.ceil((b - a) / width)), 0);
      box.style.height = `${lines * line + page.blocks.length * size * 0.6}px`;
      return box;
    });
    this.boxes = boxes;
    this.root.replaceChildren(...boxes);
    boxes.slice(0, 2).forEach((box) => this.fill(box));
    boxes.forEach((box) => this.observer.observe(box));
  }

  fill(box) {
    if (box.firstChild) return;
    const { blocks } = this.pages[box.dataset.n];
    box.replaceChildren(...blocks.map((block) => this.paragraph(block)));
    box.style.height = "";
  }

  empty(box) {
    if (!box.firstChild || box.contains(document.activeElement)) return;
    box.style.height = `${box.getBoundingClientRect().height}px`;
    box.replaceChildren();
  }

  paragraph([from, to, continued]) {
    const m = this.model, p = document.createElement("p");
    if (continued) p.className = "continued";
    let at = from;
    const plain = (end) => {
      if (end > at) p.append(m.text.slice(at, end));
      at = end;
    };
    let flag = m.flags.findIndex((f) => f[0] >= from);
    const flagged = (end) => {
      for (; flag >= 0 && flag < m.flags.length && m.flags[flag][1] <= end; flag++) {
        if (m.flags[flag][0] < at) continue;
        plain(m.flags[flag][0]);
        const span = document.createElement("span");
        span.className = "flag";
        span.title = m.flags[flag][2];
        span.textContent = m.text.slice(at, m.flags[flag][1]);
        p.append(span);
        at = m.flags[flag][1];
      }
    };
    for (let i = m.from(from); i < m.total && m.starts[i] < to; i++) {
      flagged(m.starts[i]);
      plain(m.starts[i]);
      p.append(this.mark(i));
      at = m.ends[i];
    }
    flagged(to);
    plain(to);
    return p;
  }

  mark(i) {
    const span = document.createElement("span"), old = document.createElement("del"), now = document.createElement("ins");
    span.append(old, now);
    span.dataset.i = i;
    span.setAttribute("role", "button");
    this.dress(span, i);
    return span;
  }

  dress(span, i) {
    const m = this.model, decision = m.decision[i];
    span.className = `mark ${VERDICTS[decision]} tier${m.tier[i]}`;
    span.firstChild.textContent = m.original(i);
    span.lastChild.textContent = m.words(i);
    const here = i === m.current;
    span.tabIndex = here ? 0 : -1;
    span.toggleAttribute("aria-current", here);
    if (here) span.setAttribute("aria-current", "true");
    span.setAttribute("aria-label", say("mark", m.original(i), m.words(i), say(VERDICTS[decision]), say(`tier${m.tier[i]}`)));
  }

  found(i) { return this.root.querySelector(`[data-i="${i}"]`); }

  /** Shows anew what is in the window of these proposals; the others are shown so when they come into it. */
  refresh(numbers) {
    if (numbers.length > 50) {
      for (const span of this.root.querySelectorAll(".mark")) this.dress(span, Number(span.dataset.i));
      return;
    }
    for (const i of numbers) {
      const span = this.found(i);
      if (span) this.dress(span, i);
    }
  }

  /** Brings proposal `i` into the window, and the focus to it. */
  go(i, focus) {
    const n = this.pageOf(this.model.starts[i]);
    this.fill(this.boxes[n]);
    const span = this.found(i);
    if (!span) return;
    const { top, bottom } = span.getBoundingClientRect();
    const { scrollPaddingTop: head, scrollPaddingBottom: foot } = getComputedStyle(document.documentElement);
    if (top < parseFloat(head) || bottom > innerHeight - parseFloat(foot)) span.scrollIntoView({ block: "center" });
    if (focus) span.focus({ preventScroll: true });
  }

  pageOf(offset) {
    let low = 0, high = this.pages.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.pages[middle].from <= offset) low = middle; else high = middle - 1;
    }
    return low;
  }

  /** Scrolls to a place of the text. */
  scrollTo(offset) {
    const n = this.pageOf(offset), page = this.pages[n];
    this.fill(this.boxes[n]);
    const box = this.boxes[n].getBoundingClientRect();
    const share = (offset - page.from) / Math.max(1, page.to - page.from);
    scrollTo({ top: scrollY + box.top + box.height * share - innerHeight / 2 });
  }

  /** The part of the text in the window: offsets of its start and end. */
  inWindow() {
    const within = (y) => {
      let low = 0, high = this.boxes.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if (this.boxes[middle].getBoundingClientRect().top <= y) low = middle; else high = middle - 1;
      }
      const box = this.boxes[low].getBoundingClientRect(), page = this.pages[low];
      const share = Math.min(1, Math.max(0, (y - box.top) / Math.max(1, box.height)));
      return page.from + (page.to - page.from) * share;
    };
    return [within(0), within(innerHeight)];
  }
}

/** Pages of blocks `[from, to, continued]`: a line, a piece of a very long one, or lines that a proposal runs across. */
function cut(model) {
  const { text } = model, pages = [];
  let blocks = [], from = 0, at = 0;
  const close = (to) => {
    if (blocks.length) pages.push({ from, to, blocks });
    blocks = [];
    from = to;
  };
  while (at <= text.length) {
    let end = text.indexOf("\n", at);
    for (let i; end >= 0 && (i = model.from(end)) < model.total && model.starts[i] <= end;) {
      end = text.indexOf("\n", model.ends[i]);
    }
    if (end < 0) end = text.length;
    for (let a = at, continued = false; ; continued = true) {
      const b = end - a > LONG ? pause(model, a + LONG, end) : end;
      blocks.push([a, b, continued]);
      if (b - from > PAGE) close(b);
      if (b === end) break;
      a = b;
    }
    at = end + 1;
  }
  close(text.length);
  return pages;
}

/** Where a long line may be cut after `at`: behind a full stop if one is near, never inside a proposal. */
function pause(model, at, end) {
  const stop = model.text.slice(at, Math.min(end, at + 300)).search(/[。！？；]/);
  let b = stop < 0 ? at : at + stop + 1;
  if (/[\udc00-\udfff]/.test(model.text[b] ?? "")) b++;
  const i = model.from(b);
  if (i < model.total && model.starts[i] < b) b = model.ends[i];
  return Math.min(b, end);
}
