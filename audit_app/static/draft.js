// Keeps what is typed into a form on the server, encrypted and for its person alone, until the form is saved: after a
// second of rest, when a field is left, when the page goes, and again once there is a connection or somebody signed in.
import { takeNewToken } from "./signed_in.js";

const REST = 1000;
const WAITS = [2, 4, 8, 16, 30]; // seconds until it is tried again
const KEEPALIVE_AT_MOST = 60000; // bytes that a browser sends for a page that is gone
const NOTHING = ""; // what is sent to have it forgotten
const UNKNOWN = null;

export class Draft {
  // `typed` says what is to be kept now, as text; `told` hears what became of it; while `isHeld` says so nothing is sent.
  constructor(form, { typed, told, isHeld }) {
    Object.assign(this, { form, typed, told, isHeld, at: "", trouble: "", refusal: "", tries: 0 });
    this.there = "draft" in form.dataset || "unsaved" in form.dataset ? UNKNOWN : NOTHING; // what the service has
    form.addEventListener("change", () => this.send());
    document.addEventListener("visibilitychange", () => this.send());
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

  // The page was filled in with what the service has.
  isTheirs() {
    this.there = this.typed();
  }

  later(wait = REST) {
    this.refusal = "";
    this.sendAfter(wait);
  }

  sendAfter(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  send() {
    clearTimeout(this.timer);
    if (!this.flight && this.isToSend) this.flight = this.post().finally(() => (this.flight = null));
    return this.flight;
  }

  // What is typed now is with the service, or cannot be sent.
  async settle() {
    await this.flight;
    if (!this.isDone) await this.send();
  }

  async post() {
    if (this.trouble === "signed out" && !(await takeNewToken().catch(() => false))) return this.told();
    const sent = this.typed();
    const response = await this.ask(sent).catch(() => null);
    const answer = await response?.json().catch(() => ({}));
    if (!response || response.status === 429 || response.status >= 500) {
      [this.trouble, this.at] = ["offline", ""];
      this.sendAfter(this.nextWait());
    } else if ([0, 400, 401, 403].includes(response.status)) await this.renew();
    else this.take(response.ok, sent, answer);
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

  take(isKept, sent, answer) {
    [this.trouble, this.tries] = ["", 0];
    if (isKept) [this.there, this.at] = [sent, answer.at];
    else this.refusal = answer.why ?? "it is too long to be kept until you save it.";
    if (isKept && !this.isDone) this.sendAfter(REST);
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
    if (this.isToSend) this.ask(this.typed()).catch(() => null);
  }
}
