// The page: it shows a decision at once and sends it, one after another, to the server, which keeps it on the disk.

import { DocumentView } from "./document.js";
import { listen, sheet } from "./keys.js";
import { ListView } from "./list.js";
import { ACCEPTED, EDITED, Model, REJECTED, UNDECIDED, VERDICTS } from "./model.js";
import { Strip } from "./strip.js";
import { language, say, translate } from "./words.js";

const base = new URL("..", import.meta.url).pathname + "api/";
const $ = (selector) => document.querySelector(selector);
const view = new DocumentView($("#document"), (i) => go(i));
const list = new ListView($("#list"), (i) => go(i, false));
const strip = new Strip($("#strip"), view);
let session, model, file = 0;
let queue = Promise.resolve();

async function ask(path, body) {
  const options = body && { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  let answer;
  try {
    answer = await fetch(base + path, options);
  } catch {
    throw new Error(say("gone"));
  }
  if (answer.ok) return answer.json();
  const error = answer.status === 409 ? await answer.json() : null;
  throw new Error(error ? error[language() === "en" ? "en" : "zh"] : say(answer.status < 500 ? "lost" : "broken"));
}

/** Sends a decision, which is shown already: when it fails, so does all that follows, until the page is loaded again. */
function keepUp(body) {
  queue = queue.then(() => ask("decide", body));
  queue.catch((error) => { $("#alarm").textContent = say("failed", error.message); });
}

/** Asks for what is shown only when it is answered, after the decisions under way; what fails is said. */
function send(path, body) {
  const answer = queue.then(() => ask(path, body));
  queue = queue.then(() => answer.then(() => {}, () => {}));
  answer.catch((error) => announce(error.message, 20));
  return answer;
}

function alarm(error) { $("#alarm").textContent = error.message; }

let silence;
function tell(...words) { announce(say(...words)); }
function announce(text, seconds = 5) {
  $("#message").textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => { $("#message").textContent = ""; }, 1000 * seconds);
}

/** Shows what the server has now, and the file that was shown before, if it is still there. */
async function load() {
  session = await ask("session");
  if (!session.files.length) throw new Error(say("empty"));
  if (!localStorage.getItem("corrector-language")) document.documentElement.lang = session.language;
  dress();
  const kept = session.files.findIndex((f) => f.name === sessionStorage.getItem("corrector-file"));
  await open(Math.max(0, kept));
}

async function open(n) {
  if (n < 0 || n >= session.files.length) return;
  details++;
  $("#file").value = file;  // until it is shown
  model = new Model(await send(`files/${n}`));
  file = n;
  sessionStorage.setItem("corrector-file", session.files[n].name);
  $("#file").value = n;
  $("#pairs").value = -1;  // a pair of another file has another number
  fillPairs();
  setFilter();
  scrollTo(0, 0);
  view.show(model);
  list.show(model);
  strip.show(model);
  progress();
  const first = model.onward(-1) >= 0 ? model.onward(-1) : model.step(-1, 1);
  if (first >= 0) go(first, true, false); else { card(); tell("none"); }
}

function go(i, focus = true, scroll = true) {
  const was = model.current;
  model.current = i;
  view.refresh([was, i]);
  if (i >= 0 && scroll !== false) view.go(i, focus);
  else if (i >= 0 && focus) view.go(i, focus);
  list.follow();
  card();
}

function move(by) {
  const i = model.step(model.current, by);
  if (i < 0) tell("nothing"); else go(i);
}

/** Decides about `numbers`; the page goes on to the next undecided one. */
function decide(numbers, decision, words = "") {
  numbers = numbers.filter((i) => model.decision[i] !== decision || decision === EDITED);
  if (numbers.length) {
    const was = numbers.map((i) => model.decided(i));
    for (const i of numbers) model.set(i, decision, words);
    keepUp({ session: model.session, file, numbers, was, decision: VERDICTS[decision], edited: words });
  }
  shown(numbers);
  const [i] = numbers.length ? numbers : [model.current], name = say(VERDICTS[decision]);
  if (numbers.length === 1) tell("said", name, model.original(i), model.words(i), model.counts[UNDECIDED]);
  else tell("many", name, numbers.length);
  const next = decision === UNDECIDED ? -1 : model.onward(model.current);
  if (next >= 0) go(next); else card();
}

function shown(numbers) {
  view.refresh(numbers);
  list.update();
  strip.soon();
  progress();
}

async function undo() {
  const step = await send("undo", { session: model.session });
  if (step.file < 0) return tell("nothingToUndo");
  if (step.file !== file) await open(step.file);
  for (const [i, decision, words] of step.rows) model.set(i, decision, words);
  shown(step.rows.map(([i]) => i));
  go(step.rows[0][0]);
  tell("undone", step.rows.length);
}

async function keep() {
  const i = model.current;
  const { phrase, path } = await send("keep", { session: model.session, file, number: i, was: [model.decided(i)] });
  model.set(i, REJECTED);
  shown([i]);
  tell("kept", phrase, path);
  const next = model.onward(i);
  if (next >= 0) go(next); else card();
}

function open_(pair) { return model.members[pair].filter((i) => model.decision[i] === UNDECIDED && model.shown(i)); }

const here = (action) => () => (model.current >= 0 ? action(model.current) : undefined);
const ACTIONS = {
  next: () => move(1), previous: () => move(-1),
  accept: here((i) => decide([i], ACCEPTED)), reject: here((i) => decide([i], REJECTED)),
  clear: here((i) => decide([i], UNDECIDED)), edit: here(edit),
  pair: here((i) => decide(open_(model.pair[i]), ACCEPTED)),
  pairReject: here((i) => decide(open_(model.pair[i]), REJECTED)),
  certain: () => decide([...model.decision.keys()].filter((i) => model.decision[i] === UNDECIDED && model.tier[i] === 0), ACCEPTED),
  undo, keep: here(keep), apply, diagnosis,
  onlyUndecided: () => { $("#show").value = $("#show").value === "undecided" ? "all" : "undecided"; setFilter(true); },
  onlyPair: here((i) => { $("#pairs").value = $("#pairs").value === "-1" ? model.pair[i] : -1; setFilter(true); }),
  list: () => {
    const button = $("[data-do=list]"), opened = $("aside").classList.toggle("opened");
    button.setAttribute("aria-expanded", opened);
    $("#list").focus();
  },
  fileBefore: () => open(file - 1), fileAfter: () => open(file + 1),
  theme: () => {
    const now = document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    theme(now === "dark" ? "light" : "dark");
    strip.soon();
  },
  language: () => { translate(language() === "en" ? "zh-CN" : "en"); dress(); view.refresh({ length: 99 }); list.update(); card(); progress(); },
  help: () => $("#helping").showModal(),
};
let doing = Promise.resolve();
/** One after another: a key pressed while an undo is under way means what will be shown then. */
function act(action) {
  doing = doing.then(action).catch(() => {});  // said by `send`
}

const BREAK = "⏎";  // a break of lines that the word runs across, in a field of one line
function edit(i) {
  const dialog = $("#editing"), context = dialog.querySelector(".context");
  const old = document.createElement("del");
  old.textContent = model.original(i);
  const left = model.text.slice(Math.max(0, model.starts[i] - 20), model.starts[i]).split("\n").pop();
  const right = model.text.slice(model.ends[i], model.ends[i] + 20).split("\n")[0];
  context.replaceChildren(left, old, right);
  const [ending] = model.original(i).match(/\r?\n/) ?? [BREAK];
  $("#words").value = model.words(i).replace(/\r?\n/g, BREAK);
  dialog.showModal();
  $("#words").select();
  dialog.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    dialog.close();
    decide([i], EDITED, $("#words").value.replaceAll(BREAK, ending));
  };
}

function apply() {
  const dialog = $("#applying"), [undecided, accepted, rejected, edited] = model.counts;
  dialog.querySelector(".counts").textContent = say("counts", accepted, edited, rejected, undecided);
  dialog.showModal();
  dialog.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    act(() => dialog.open && carryOut(dialog));
  };
}

async function carryOut(dialog) {
  details++;
  const { lines, changed, all } = await send("apply", { session: model.session }).finally(() => dialog.close());
  await load().catch(alarm);
  announce([say(!all ? "notApplied" : changed ? "applied" : "nothingToApply"), ...lines].join(" "), 60);
}

function diagnosis() {
  const found = model.diagnosis.flatMap((d) => {
    const p = document.createElement("p"), ul = document.createElement("ul");
    p.textContent = say("found", d.converter, d.probability.toFixed(4), `${Math.round(100 * d.share)} %`);
    ul.replaceChildren(...d.evidence.map(([converted, original, count]) => {
      const li = document.createElement("li");
      li.textContent = `${converted} ← ${original} × ${count}`;
      return li;
    }));
    return [p, ul];
  });
  if (!found.length) found.push(say("healthy"));
  $("#diagnosing .found").replaceChildren(...found);
  $("#diagnosing").showModal();
}

let details = 0;  // counted up when what a card waits for is wanted no more: its number may soon mean another place
async function card() {
  const i = model.current, box = $("#card"), asked = ++details;
  box.classList.toggle("none", i < 0);
  for (const b of box.querySelectorAll(".decide button:not(.narrow)")) b.disabled = i < 0;
  if (i < 0) return box.querySelectorAll("p").forEach((p) => p.replaceChildren());
  const old = document.createElement("del"), now = document.createElement("ins");
  old.textContent = model.original(i);
  now.textContent = model.words(i);
  box.querySelector(".pair").replaceChildren(old, " → ", now);
  const fact = (place) => say("place", place, say(`tier${model.tier[i]}`), model.confidence[i].toFixed(3), model.converter(i));
  box.querySelector(".facts").textContent = fact("");
  await new Promise((done) => setTimeout(done, 60));  // who holds the key down is not looking
  if (asked !== details) return;
  const { place, reason, by, at } = await ask(`files/${file}/${i}`).catch((error) => {
    announce(error.message);
    return { place: "", reason: "" };
  });
  if (asked !== details) return;
  box.querySelector(".facts").textContent = fact(place);
  box.querySelector(".reason").textContent = by ? `${reason} · ${say("decidedBy", say(VERDICTS[model.decision[i]]), by, at)}` : reason;
}

function progress() {
  const done = model.total - model.counts[UNDECIDED];
  $("#bar").max = Math.max(1, model.total);
  $("#bar").value = done;
  $("#count").textContent = say("count", done.toLocaleString(), model.total.toLocaleString());
}

function options(select, rows) {
  const { value } = select;
  select.replaceChildren(...rows.map(([key, text]) => new Option(text, key)));
  if (rows.some(([key]) => String(key) === value)) select.value = value;
}

function fillPairs() {
  options($("#pairs"), [[-1, say("everyPair")], ...model.pairs.map(([, a, b], k) => [k, `${a} → ${b} (${model.members[k].length})`])]);
}

function dress() {
  translate();
  sheet($("#helping .keys"));
  options($("#file"), session.files.map((f, n) => [n, f.name]));
  options($("#show"), ["all", ...VERDICTS].map((v) => [v, say(v)]));
  if (model) fillPairs();
}

function setFilter(draw) {
  model.filter = {
    show: $("#show").value, pair: Number($("#pairs").value),
    tiers: [...document.querySelectorAll("[data-tier]")].map((box) => box.checked),
  };
  if (draw) list.update();
}

function theme(name) {
  if (name) localStorage.setItem("corrector-theme", name);
  const kept = localStorage.getItem("corrector-theme");
  if (kept) document.documentElement.dataset.theme = kept;
}

// The header wraps where it is narrow, and does not stay where there is little room; there the side is at the foot.
const edges = new ResizeObserver(() => {
  for (const [element, position, name] of [[$("header"), "sticky", "--header"], [$("aside"), "fixed", "--foot"]]) {
    const taken = getComputedStyle(element).position === position ? element.offsetHeight : 0;
    document.documentElement.style.setProperty(name, `${taken}px`);
  }
});
edges.observe($("header"));
edges.observe($("aside"));

theme();
translate();
listen((name) => act(ACTIONS[name]));
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-do]");
  if (button) act(ACTIONS[button.dataset.do]);
  event.target.closest?.("[data-close]")?.closest("dialog").close();
});
$("#file").addEventListener("change", (event) => act(() => open(Number(event.target.value))));
for (const e of document.querySelectorAll("#show, #pairs, [data-tier]")) e.addEventListener("change", () => setFilter(true));
$("#single").checked = localStorage.getItem("corrector-keys") !== "off";
$("#single").addEventListener("change", (event) => localStorage.setItem("corrector-keys", event.target.checked ? "on" : "off"));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => strip.soon());
load().catch(alarm);
