// Keys to what they do. Single keys may be switched off (for those who speak to their computer); Ctrl ones stay.

import { language } from "./words.js";

export const KEYS = [
  [["j", "n"], "next", "Next proposal", "下一处"],
  [["k", "p"], "previous", "Previous proposal", "上一处"],
  [["a"], "accept", "Accept", "接受"],
  [["r"], "reject", "Reject", "拒绝"],
  [["e"], "edit", "Write another correction", "改成别的文字"],
  [["x"], "clear", "Back to undecided", "退回未决定"],
  [["A"], "pair", "Accept all undecided of this pair", "接受同一词对的全部未决定"],
  [["R"], "pairReject", "Reject all undecided of this pair", "拒绝同一词对的全部未决定"],
  [["c"], "certain", "Accept all certain that are undecided", "接受全部确定的"],
  [["u", "Ctrl+z"], "undo", "Undo", "撤销"],
  [["w"], "keep", "Reject, and keep this phrase from now on", "拒绝，并加为保留短语"],
  [["f"], "onlyUndecided", "Only undecided, or all", "只看未决定，或全部"],
  [["y"], "onlyPair", "Only this pair, or all", "只看这个词对，或全部"],
  [["l"], "list", "To the list", "到列表"],
  [["["], "fileBefore", "Previous file", "上一个文件"],
  [["]"], "fileAfter", "Next file", "下一个文件"],
  [["d"], "diagnosis", "Diagnosis", "诊断"],
  [["s", "Ctrl+s"], "apply", "Apply the decisions", "执行决定"],
  [["t"], "theme", "Light or dark", "浅色或深色"],
  [["?"], "help", "This sheet", "这份说明"],
];

const ACTION = new Map(KEYS.flatMap(([keys, action]) => keys.map((key) => [key, action])));

/** Calls `act` with what a key means; keys typed into fields and input methods are left alone. */
export function listen(act) {
  addEventListener("keydown", (event) => {
    const field = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
    if (event.isComposing || field || event.altKey || event.metaKey) return;
    const { key } = event, letter = /^[a-z]$/i.test(key);  // Caps Lock is no Shift
    const meant = !letter ? key : event.shiftKey ? key.toUpperCase() : key.toLowerCase();
    const action = ACTION.get((event.ctrlKey ? "Ctrl+" : "") + meant);
    if (!action || (!event.ctrlKey && localStorage.getItem("corrector-keys") === "off")) return;
    event.preventDefault();
    act(action);
  });
}

/** Fills the sheet of shortcuts. */
export function sheet(list) {
  list.replaceChildren(...KEYS.flatMap(([keys, , english, chinese]) => {
    const dt = document.createElement("dt"), dd = document.createElement("dd");
    for (const key of keys) {
      const kbd = document.createElement("kbd");
      kbd.textContent = /^[A-Z]$/.test(key) ? `⇧${key}` : key.length === 1 ? key.toUpperCase() : key.replace("+z", "+Z").replace("+s", "+S");
      dt.append(kbd);
    }
    dd.textContent = language() === "en" ? english : chinese;
    return [dt, dd];
  }));
}
