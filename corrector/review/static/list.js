// The side list: converter, pair, proposal, as a tree of which only the rows in the window exist.

import { UNDECIDED, VERDICTS } from "./model.js";
import { say } from "./words.js";

const FEW = 150;  // so many proposals are listed one by one from the start

export class ListView {
  constructor(root, choose) {
    this.root = root;
    this.holder = root.firstElementChild;
    this.choose = choose;
    this.rows = [];
    this.at = 0;
    root.addEventListener("scroll", () => this.draw());
    root.addEventListener("keydown", (event) => this.key(event));
    root.addEventListener("click", (event) => {
      const row = event.target.closest("[data-row]");
      if (row) this.press(Number(row.dataset.row));
    });
    new ResizeObserver(() => this.draw()).observe(root);
  }

  show(model) {
    this.model = model;
    this.open = new Set(model.total <= FEW ? model.pairs.keys() : []);
    this.root.scrollTop = 0;
    this.at = 0;
    this.update();
  }

  /** Makes the rows anew: after a decision, or when the filter is another. */
  update() {
    const m = this.model, groups = new Map();
    m.pairs.forEach(([converter], k) => {
      const members = m.members[k].filter((i) => m.shown(i));
      if (members.length) (groups.get(converter) ?? groups.set(converter, []).get(converter)).push([k, members]);
    });
    const rows = [];
    for (const [converter, pairs] of [...groups].sort(([a], [b]) => (a < b ? -1 : 1))) {
      rows.push({ level: 1, converter, of: pairs.reduce((n, [, p]) => n + p.length, 0) });
      for (const [k, members] of pairs.sort(([, a], [, b]) => b.length - a.length)) {
        rows.push({ level: 2, pair: k, of: members.length });
        if (this.open.has(k)) for (const i of members) rows.push({ level: 3, i });
      }
    }
    this.rows = rows;
    this.at = Math.min(this.at, Math.max(0, rows.length - 1));
    this.draw();
  }

  height() {
    return 2.25 * parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  draw() {
    const height = this.height(), top = this.root.scrollTop;
    const first = Math.max(0, Math.floor(top / height) - 4);
    const last = Math.min(this.rows.length, Math.ceil((top + this.root.clientHeight) / height) + 4);
    this.holder.style.height = `${this.rows.length * height}px`;
    const shown = [];
    for (let n = first; n < last; n++) shown.push(this.row(n, height));
    this.holder.replaceChildren(...shown);
    this.root.setAttribute("aria-activedescendant", this.rows.length ? `row${this.at}` : "");
  }

  row(n, height) {
    const row = this.rows[n], m = this.model, div = document.createElement("div");
    div.id = `row${n}`;
    div.dataset.row = n;
    div.className = `row level${row.level}${n === this.at ? " at" : ""}`;
    div.style.top = `${n * height}px`;
    div.setAttribute("role", "treeitem");
    div.setAttribute("aria-level", row.level);
    const span = (name, text, tag = "span") => {
      const e = document.createElement(tag);
      e.className = name;
      e.textContent = text;
      div.append(e);
    };
    if (row.level === 1) {
      div.setAttribute("aria-expanded", "true");
      span("name", say("converter", row.converter || "–"));
      span("number", row.of);
    } else if (row.level === 2) {
      const [, original, replacement] = m.pairs[row.pair];
      div.setAttribute("aria-expanded", this.open.has(row.pair));
      span("old", original, "del");
      span("new", replacement, "ins");
      span("number", say("groupDo", m.left[row.pair], row.of));
    } else {
      const { i } = row, a = m.starts[i], b = m.ends[i];
      if (i === m.current) div.classList.add("current");
      div.setAttribute("aria-selected", i === m.current);
      div.classList.add(VERDICTS[m.decision[i]]);
      span("before", line(m.text.slice(Math.max(0, a - 8), a)).split("\n").pop());
      if (m.decision[i] === UNDECIDED) span("old", m.original(i), "del");
      span("new", m.decision[i] === 2 ? m.original(i) : m.words(i), m.decision[i] === 2 ? "span" : "ins");
      span("after", line(m.text.slice(b, b + 16)).split("\n")[0]);
      span("unseen", `, ${say(VERDICTS[m.decision[i]])}`);
    }
    return div;
  }

  press(n) {
    this.at = n;
    const row = this.rows[n];
    if (row.level === 2) {
      this.open.has(row.pair) ? this.open.delete(row.pair) : this.open.add(row.pair);
      this.update();
    } else if (row.level === 3) this.choose(row.i);
    else this.draw();
  }

  key(event) {
    const row = this.rows[this.at], last = this.rows.length - 1;
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: last, PageDown: this.at + 10,
      PageUp: this.at - 10 }[event.key];
    if (!row || event.altKey || event.ctrlKey || event.metaKey) return;
    if (to !== undefined) this.reveal(Math.max(0, Math.min(last, to)));
    else if (event.key === "Enter" || event.key === " ") this.press(this.at);
    else if (event.key === "ArrowRight" && row.level === 2 && !this.open.has(row.pair)) this.press(this.at);
    else if (event.key === "ArrowLeft" && row.level === 2 && this.open.has(row.pair)) this.press(this.at);
    else if (event.key === "ArrowLeft" && row.level > 1) {
      let n = this.at;
      while (this.rows[n].level >= row.level) n--;
      this.reveal(n);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  reveal(n) {
    this.at = n;
    const height = this.height(), top = n * height, box = this.root;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top + height > box.scrollTop + box.clientHeight) box.scrollTop = top + height - box.clientHeight;
    this.draw();
  }

  /** Marks the current proposal, and brings it into the window of the list if it is listed. */
  follow() {
    const n = this.rows.findIndex((r) => r.i === this.model.current && r.level === 3);
    const own = n >= 0 ? n : this.rows.findIndex((r) => r.pair === this.model.pair[this.model.current]);
    if (own >= 0) this.reveal(own); else this.draw();
  }
}

const line = (text) => text.replace(/\r/g, "");
