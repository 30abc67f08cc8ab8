// One question of a return that saves itself: what is typed, what the service has acknowledged, and what is on its way.
import { untilSent } from "./rest.js";
import { drop, keep, kept } from "./typed.js";

const KEEPALIVE_AT_MOST = 60000; // bytes that a browser sends for a page that is gone
const FIELDS = ["answer", "reason", "evidence", "where", "tag"];
const SAID_NO = {
  404: "this question is not asked any more.",
  413: "the text is too long.",
};

const sameAnswer = (one, other) => Boolean(other) && FIELDS.every((name) => one[name] === other[name]);

export class SavedQuestion {
  // `answered` hears what became of a post; while `isHeld` says so nothing is posted, only kept.
  constructor(section, form, { answered, isHeld }) {
    Object.assign(this, { section, form, answered, isHeld, id: section.dataset.indicator, code: section.dataset.code });
    this.key = `${form.dataset.person} ${form.dataset.return} ${this.id}`;
    this.address = form.dataset.save.replace(/0$/, this.id);
    this.seen = form.elements[`seen-${this.id}`];
    this.sent = []; // on the way, or of unknown fate
    this.isKept = true;
    this.since = 0; // when what was not sent yet began to be typed
    this.refusal = "";
    this.isClash = section.dataset.unsaved === "clash";
    this.saved = section.dataset.unsaved ? null : this.read(false);
    this.takeUp();
  }

  get isPending() {
    return !this.isClash && !this.refusal && (this.sent.length > 0 || !sameAnswer(this.read(), this.saved));
  }

  // The answer as the service tidies it: what the fields hold, or what the page came with.
  read(isLive = true) {
    const of = {};
    for (const name of FIELDS) {
      const field = this.form.elements[`${name}-${this.id}`];
      if (field.nodeName) of[name] = (isLive ? field.value : field.defaultValue).replaceAll("\r\n", "\n").trim();
      else of[name] = [...field].find((radio) => (isLive ? radio.checked : radio.defaultChecked))?.value ?? "";
    }
    if (of.answer !== "not_applicable") of.reason = "";
    if (of.answer === "in_words" && !of.evidence) of.answer = "";
    return of;
  }

  show(answer) {
    for (const name of FIELDS) {
      const field = this.form.elements[`${name}-${this.id}`];
      const value = name === "answer" && !answer.answer ? "in_words" : answer[name];
      if (field.nodeName) field.value = value;
      else field.forEach((radio) => (radio.checked = radio.value === value));
    }
  }

  // What an earlier look at this page could not save, over the version that it was typed over.
  takeUp() {
    const before = kept(this.key);
    if (this.section.dataset.unsaved || !before) {
      if (!sameAnswer(this.read(), this.saved)) this.note();
    } else if (sameAnswer(before.answer, this.saved)) {
      drop(this.key);
    } else {
      this.show(before.answer);
      if (!before.sent.some((answer) => sameAnswer(answer, this.saved))) this.seen.value = before.seen;
      this.note();
    }
  }

  note() {
    const seen = this.isClash ? "0." : this.seen.value;
    const answer = this.read();
    const texts = [answer.reason, answer.evidence, answer.where].filter(Boolean);
    const where = `${location.pathname}#${this.section.id}`;
    this.isKept = keep(this.key, { seen, answer, sent: this.sent, where, title: this.code, texts });
  }

  typed(field) {
    if (field.name.startsWith("stand-")) return;
    this.refusal = "";
    clearTimeout(this.timer);
    if (!this.isClash && !this.isPending) {
      this.since = 0;
      return drop(this.key);
    }
    this.note();
    this.since ||= Date.now();
    this.timer = setTimeout(() => this.send(), untilSent(this.since));
  }

  send(stand = "") {
    clearTimeout(this.timer);
    [this.timer, this.since] = [0, 0];
    if (!this.flight && !this.isHeld() && (this.isPending || stand)) {
      this.flight = this.post(stand).finally(() => (this.flight = null));
    }
    return this.flight;
  }

  async post(stand) {
    const answer = this.sent[0] ?? this.read(); // one of unknown fate goes first, unchanged
    if (!this.sent.length) this.sent.push(answer);
    this.note();
    const response = await this.ask(answer, stand).catch(() => null);
    const told = await response?.json().catch(() => ({}));
    if (!response || response.status === 429 || response.status >= 500) return this.answered("offline");
    if ([0, 400, 401, 403].includes(response.status)) return this.answered("signed out");
    const mine = this.sent.splice(0);
    if (response.ok) this.take(answer, told);
    else if (mine.some((one) => sameAnswer(one, told.theirs))) this.take(told.theirs, { ...told, lacks: null });
    else if (told.state === "clash") this.clash(told);
    else {
      this.refusal = told.why ?? SAID_NO[response.status] ?? "try again.";
      this.note();
    }
    return this.answered(response.ok ? "saved" : "kept", told.at);
  }

  ask(answer, stand) {
    const fields = FIELDS.map((name) => [`${name}-${this.id}`, answer[name]]);
    const body = new URLSearchParams([...fields, [`seen-${this.id}`, this.seen.value]]);
    if (stand) [`clash-${this.id}`, `stand-${this.id}`].forEach((name) => body.set(name, stand));
    return fetch(this.address, {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
      body,
      redirect: "manual",
      keepalive: body.toString().length < KEEPALIVE_AT_MOST,
      signal: AbortSignal.timeout(20000),
    });
  }

  // The page goes: what is typed is sent, and whoever opens it again learns what became of that.
  sendBlindly() {
    const answer = this.read();
    if (this.isHeld() || this.sent.some((one) => sameAnswer(one, answer))) return;
    this.sent.push(answer);
    this.note();
    this.ask(answer, "").catch(() => null);
  }

  take(answer, told) {
    this.saved = answer;
    this.seen.value = told.seen;
    this.isClash = false;
    this.section.querySelector("[data-both]").replaceChildren();
    if (told.lacks !== null) this.mark(told.lacks);
    if (sameAnswer(this.read(), answer)) drop(this.key);
    else this.typed(this.seen);
  }

  mark(lacks) {
    const title = this.section.querySelector("h2");
    title.querySelector(".govuk-tag")?.remove();
    if (!lacks) return;
    const tag = document.createElement("strong");
    [tag.className, tag.textContent] = ["govuk-tag govuk-tag--yellow", lacks];
    title.append(" ", tag);
  }

  clash(told) {
    this.isClash = true;
    this.theirs = told.theirs;
    this.seen.value = told.seen;
    this.section.querySelector("[data-both]").innerHTML = told.html; // made and escaped by the service
    this.note();
  }

  // Lets the chosen one of two answers stand.
  async settleClash() {
    const stand = this.form.elements[`stand-${this.id}`].value;
    if (!stand) return this.form.elements[`stand-${this.id}`][0].focus();
    if (stand === "theirs") {
      this.show(this.theirs);
      this.take(this.read(), { seen: this.seen.value, lacks: null });
      this.answered("kept");
    } else await this.send(stand);
    if (!this.isClash) this.section.querySelector('[name^="answer-"]:checked, [name^="answer-"]').focus();
  }

  // The page's own button sends the choice of the other answer: then this one is kept no longer.
  yieldIfChosen() {
    if (this.isClash && this.form.elements[`stand-${this.id}`].value === "theirs") drop(this.key);
  }

  giveUp() {
    this.saved = this.read();
    this.sent = [];
    drop(this.key);
  }
}
