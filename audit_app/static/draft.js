// Keeps what is typed into a form on the server, encrypted and for its person alone, until the form is saved: after a
// second of rest or a few seconds of typing on, when a field is left, when the page goes, and again once there is a
// connection or somebody signed in.
import { untilSent } from "./rest.js";
import { takeNewToken } from "./signed_in.js";

const WAITS = [2, 4, 8, 16, 30]; // seconds until it is tried again
const KEEPALIVE_AT_MOST = 60000; // bytes that a browser sends for a page that is gone
const MARKS_AT_MOST = 100;
const SETTLES_WITHIN = 10000;
const TOO_LONG = "it is too long to be kept until you save it.";
const NOT_YOURS = "this page can no longer be saved by you.";
const NOTHING = ""; // what is sent to have it forgotten
const UNKNOWN = null;
const LATE = 504; // there is a connection, and no answer

function lateOrNothing(error) {
  return ["TimeoutError", "AbortError"].includes(error.name) ? new Response(null, { status: LATE }) : null;
}

export class Draft {
  // `typed` says what is to be kept now, as text, and `mark` what a browser may keep to know it by; `told` hears what
  // became of it; while `isHeld` says so nothing is sent.
  constructor(form, { typed, mark, told, isHeld }) {
    Object.assign(this, { form, typed, mark, told, isHeld, at: "", trouble: "", refusal: "", tries: 0, since: 0 });
    this.keptAt = "unsaved" in form.dataset ? UNKNOWN : (form.dataset.draftAt ?? ""); // by the service's clock
    this.unheard = []; // marks of what was sent, and nobody knows whether the service has it
    this.isOurs = false; // whether this page kept something, and was not only filled in with it
    this.wasSent = false; // with the form itself
    this.there = "draft" in form.dataset || "unsaved" in form.dataset ? UNKNOWN : NOTHING; // what the service has
    form.addEventListener("change", () => this.send());
    document.addEventListener("visibilitychange", () => this.send(document.hidden));
    addEventListener("online", () => this.send());
    addEventListener("pageshow", (event) => event.persisted && this.send());
  }

  get isDone() {
    return this.typed() === this.there;
  }

  // Whether the service has all that is typed here.
  get hasIt() {
    return this.isDone && this.there !== NOTHING;
  }

  get isToSend() {
    return !this.isDone && !this.refusal && !this.isHeld();
  }

  get isToSendAnew() {
    return this.isOurs && this.typed() !== NOTHING && !this.wasSent && !this.refusal && !this.isHeld();
  }

  // The page was filled in with what the service has.
  isTheirs() {
    this.there = this.typed();
  }

  later() {
    [this.refusal, this.wasSent] = ["", false];
    this.sendSoon();
  }

  sendSoon() {
    this.since ||= Date.now();
    this.sendAfter(untilSent(this.since));
  }

  sendAfter(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Once more, should another window of theirs have had it forgotten or kept something else there: `isAnew`.
  send(isAnew = false) {
    clearTimeout(this.timer);
    this.since = 0;
    if (!this.flight && (this.isToSend || (isAnew && this.isToSendAnew))) this.flight = this.post().finally(() => (this.flight = null));
    return this.flight;
  }

  // What is typed now is with the service, or cannot be sent, or it takes too long to know.
  async settle() {
    const all = async () => {
      await this.flight;
      if (!this.isDone) await this.send();
    };
    await Promise.race([all(), new Promise((wake) => setTimeout(wake, SETTLES_WITHIN))]);
  }

  async post() {
    if (this.trouble === "signed out" && !(await takeNewToken().catch(() => false))) return this.told();
    const sent = this.typed();
    this.onTheWay = sent;
    this.unheard = [...this.unheard.slice(-MARKS_AT_MOST), this.mark()];
    const response = await this.ask(sent).catch((error) => lateOrNothing(error));
    this.onTheWay = UNKNOWN;
    const answer = await response?.json().catch(() => ({}));
    if (!response || response.status === 429 || response.status >= 500) {
      [this.trouble, this.at] = [response ? "not taken" : "offline", ""];
      this.sendAfter(this.nextWait());
    } else if ([0, 400, 401, 403].includes(response.status)) await this.renew();
    else this.take(response, sent, answer);
    return this.told();
  }

  ask(sent) {
    const body = new URLSearchParams({ page: this.form.dataset.keeps, typed: sent });
    return fetch(this.form.dataset.keepAt, {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
      body,
      redirect: "manual",
      keepalive: body.toString().length < KEEPALIVE_AT_MOST,
      signal: AbortSignal.timeout(20000),
    });
  }

  take({ ok: isKept, status }, sent, answer) {
    [this.trouble, this.tries] = ["", 0];
    if (isKept) [this.there, this.at, this.keptAt, this.unheard] = [sent, answer.at, String(answer.milliseconds), []];
    else this.refusal = answer.why ?? (status === 413 ? TOO_LONG : NOT_YOURS);
    if (isKept) this.isOurs = true;
    if (isKept && !this.isDone) this.sendSoon();
  }

  // Somebody signed in again in another window, or nobody is.
  async renew() {
    const isOurs = await takeNewToken().catch(() => false);
    [this.trouble, this.at] = [isOurs ? "" : "signed out", ""];
    if (isOurs) this.sendAfter(this.nextWait());
  }

  nextWait() {
    return 1000 * WAITS[Math.min(this.tries++, WAITS.length - 1)];
  }

  // The page goes: nobody hears the answer.
  sendBlindly() {
    if (this.onTheWay === this.typed() || !(this.isToSend || this.isToSendAnew)) return;
    this.unheard.push(this.mark());
    this.ask(this.typed()).catch(() => null);
  }
}
