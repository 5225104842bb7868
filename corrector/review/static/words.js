// Every word of the page in both languages, side by side.

const WORDS = {
  title: ["Review", "审阅"], skip: ["To the document", "跳到正文"], file: ["File", "文件"],
  progress: ["Decided", "已决定"], certain: ["Accept all certain", "接受全部确定的"], undo: ["Undo", "撤销"],
  apply: ["Apply", "执行"], diagnosis: ["Diagnosis", "诊断"], theme: ["Light or dark", "浅色或深色"],
  language: ["中/EN: 中文界面", "中/EN: English"], help: ["Keyboard shortcuts", "键盘快捷键"], document: ["Document", "正文"],
  side: ["Proposals", "改动"], current: ["Current proposal", "当前改动"], accept: ["Accept", "接受"],
  reject: ["Reject", "拒绝"], edit: ["Edit", "改写"], clear: ["Undecide", "不决定"],
  pair: ["All of this pair", "接受同类"], keep: ["Never here", "以后保留"], previous: ["Previous", "上一处"],
  next: ["Next", "下一处"], list: ["List of proposals", "改动列表"], filters: ["Filters", "筛选"],
  show: ["Which", "显示哪些"], pairs: ["Pair", "词对"], tier0: ["certain", "确定"], tier1: ["likely", "很可能"],
  tier2: ["possible", "也许"], editing: ["Write another correction", "改成别的文字"], words: ["Correct to", "改成"],
  cancel: ["Cancel", "取消"], save: ["Save", "保存"], close: ["Close", "关闭"], keys: ["Keyboard shortcuts", "键盘快捷键"],
  applying: ["Apply the decisions", "执行决定"],
  applyHow: ["Files are written in place, with a journal that takes it back; what is undecided stays as it is.",
    "原地改写文件，并留下可撤销的日志；未决定之处保持原样。"],
  single: ["Single-key shortcuts", "启用单键快捷键"],
  all: ["All", "全部"], undecided: ["Undecided", "未决定"], accepted: ["Accepted", "已接受"],
  rejected: ["Rejected", "已拒绝"], edited: ["Edited", "已改写"], everyPair: ["Every pair", "全部词对"],
  count: ["{0} of {1} decided", "已决定 {0} / {1}"], nothing: ["Nothing left here", "没有更多了"],
  none: ["No proposals", "没有要审阅的改动"], undone: ["Undone: {0} places", "已撤销：{0} 处"],
  nothingToUndo: ["Nothing to undo", "没有可撤销的"], many: ["{0}: {1} places", "{0}：{1} 处"],
  said: ["{0}: {1} → {2}. {3} undecided", "{0}：{1} → {2}，还有 {3} 处未决定"],
  mark: ["{0} → {1}, {2}, {3}", "{0} 改为 {1}，{2}，{3}"], converter: ["converter {0}", "转换器 {0}"],
  found: ["Converter {0}: probability {1}, {2} of the text", "转换器 {0}：概率 {1}，全文的 {2}"],
  healthy: ["No trace of a converter.", "没有转换器的痕迹。"], kept: ["Kept from now on: {0} ({1})", "以后保留：{0}（{1}）"],
  counts: ["Accepted {0}, edited {1}, rejected {2}, undecided {3} in this file.",
    "本文件：接受 {0} 处，改写 {1} 处，拒绝 {2} 处，未决定 {3} 处。"],
  applied: ["Written.", "已写入。"], failed: ["Not kept: {0}. Reload the page.", "没有存下：{0}。请重新载入页面。"],
  notApplied: ["Not everything was written.", "没有全部写入。"],
  nothingToApply: ["There was nothing to write.", "没有要写入的。"], empty: ["No file can be read any more; the terminal says why", "没有文件可读了，原因见终端"],
  gone: ["The server has stopped", "服务已停止"], lost: ["the session has changed", "内容已变"],
  broken: ["the server has failed", "服务出错"],
  place: ["{0} · {1} {2} · converter {3}", "{0} · {1} {2} · 转换器 {3}"], decidedBy: ["{0}, {1} {2}", "{0}，{1} {2}"],
  groupDo: ["{0} left of {1}", "余 {0} / {1}"],
};

let at = document.documentElement.lang.startsWith("zh") ? 1 : 0;

/** The word called `name`, with `{0}` … filled in. */
export function say(name, ...given) {
  return WORDS[name][at].replace(/\{(\d)\}/g, (_, i) => given[i]);
}

export const language = () => (at ? "zh-CN" : "en");

/** Writes the words of the page itself, in the language chosen before or `next`. */
export function translate(next) {
  if (next !== undefined) localStorage.setItem("corrector-language", next);
  const kept = localStorage.getItem("corrector-language");
  if (kept) at = kept.startsWith("zh") ? 1 : 0;
  document.documentElement.lang = language();
  document.title = `${say("title")} · corrector`;
  for (const e of document.querySelectorAll("[data-word]")) e.textContent = say(e.dataset.word);
  for (const e of document.querySelectorAll("[data-label]")) {
    e.setAttribute("aria-label", say(e.dataset.label));
    if (e.tagName === "BUTTON") e.title = say(e.dataset.label);
  }
}
