// One file under review, in columns, and what is shown of it. Pure: no page, no network.

export const UNDECIDED = 0, ACCEPTED = 1, REJECTED = 2, EDITED = 3;
export const VERDICTS = ["undecided", "accepted", "rejected", "edited"];

export class Model {
  constructor(value) {
    Object.assign(this, value);
    this.total = this.starts.length;
    this.starts = Int32Array.from(value.starts);
    this.ends = Int32Array.from(value.ends);
    this.decision = Uint8Array.from(value.decision);
    this.edited = new Map(Object.entries(value.edited).map(([i, words]) => [Number(i), words]));
    this.members = this.pairs.map(() => []);
    for (let i = 0; i < this.total; i++) this.members[this.pair[i]].push(i);
    this.left = this.members.map((m) => m.reduce((n, i) => n + (this.decision[i] === UNDECIDED), 0));
    this.counts = [0, 0, 0, 0];
    for (const d of this.decision) this.counts[d]++;
    this.current = -1;
    this.filter = { show: "all", pair: -1, tiers: [true, true, true] };
  }

  original(i) { return this.pairs[this.pair[i]][1]; }
  replacement(i) { return this.pairs[this.pair[i]][2]; }
  converter(i) { return this.pairs[this.pair[i]][0]; }
  /** What would stand there: the words of the person, or the proposal. */
  words(i) { return this.decision[i] === EDITED ? this.edited.get(i) ?? "" : this.replacement(i); }

  /** How the server is told what was shown of `i`. */
  decided(i) { return [this.decision[i], this.edited.get(i) ?? ""]; }

  shown(i) {
    const f = this.filter;
    return f.tiers[this.tier[i]] && (f.pair < 0 || f.pair === this.pair[i])
      && (f.show === "all" || VERDICTS[this.decision[i]] === f.show);
  }

  /** The next (`by` 1) or previous (-1) one that is shown after `i`; -1 when there is none. */
  step(i, by) {
    for (let k = i + by; k >= 0 && k < this.total; k += by) if (this.shown(k)) return k;
    return -1;
  }

  /** Where to go after a decision: the next undecided that is shown, else the next, else from the top. */
  onward(i) {
    const open = (k) => this.decision[k] === UNDECIDED && this.shown(k);
    for (let k = i + 1; k < this.total; k++) if (open(k)) return k;
    for (let k = 0; k < i; k++) if (open(k)) return k;
    return -1;
  }

  set(i, decision, words = "") {
    const was = this.decision[i];
    this.counts[was]--;
    this.counts[decision]++;
    this.left[this.pair[i]] += (decision === UNDECIDED) - (was === UNDECIDED);
    this.decision[i] = decision;
    if (decision === EDITED) this.edited.set(i, words); else this.edited.delete(i);
  }

  /** The first proposal that ends after `offset`. */
  from(offset) {
    let low = 0, high = this.total;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.ends[middle] > offset) high = middle; else low = middle + 1;
    }
    return low;
  }
}
