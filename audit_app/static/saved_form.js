// Saves a kept form by itself while somebody types, whole, by the service of its own button. Where somebody else saved
// first nothing is saved by itself any more: a button shows both texts, as the form's own button does.
import { untilSent } from "./rest.js";
import { offerToSignIn, takeNewToken } from "./signed_in.js";
import { drop } from "./typed.js";

const WAITS = [2, 4, 8, 16, 30]; // seconds until it is tried again
const KEEPALIVE_AT_MOST = 60000; // bytes that a browser sends for a page that is gone

class SavedForm {
  constructor(its) {
    Object.assign(this, { its, form: its.form, savedAt: "", trouble: "", refusal: "", tries: 0, since: 0 });
    its.say = () => this.say();
    this.form.addEventListener("input", () => {
      this.refusal = "";
      its.isRefused = false;
      this.sendSoon();
    });
    this.form.addEventListener("change", () => this.send());
    this.form.addEventListener("submit", (event) => this.wait(event), true);
    document.addEventListener("visibilitychange", () => this.send());
    addEventListener("online", () => this.send());
    addEventListener("pageshow", (event) => event.persisted && this.send());
    addEventListener("pagehide", () => this.sendBlindly());
    const leave = this.form.querySelector("[data-leave]");
    if (leave) leave.textContent = "Back to the return"; // nothing is left unsaved
    this.send();
    this.say();
  }

  get isToSend() {
    return !this.its.isClash && !this.refusal && (this.its.sent !== null || this.its.isPending);
  }

  send() {
    clearTimeout(this.timer);
    this.since = 0;
    if (!this.flight && this.isToSend) this.flight = this.post().finally(() => (this.flight = null));
    return this.flight;
  }

  async post() {
    const its = this.its;
    if (this.trouble === "signed out" && !(await takeNewToken().catch(() => false))) return this.say();
    its.sent ??= its.read(); // what is of unknown fate goes first, unchanged
    its.note();
    const response = await this.ask(its.sent).catch(() => null);
    const told = await response?.json().catch(() => ({}));
    if (!response || response.status === 429 || response.status >= 500) {
      this.trouble = "offline";
      this.sendAfter(this.nextWait());
    } else if ([0, 400, 401, 403].includes(response.status)) await this.renew();
    else this.take(response.ok, told);
    return this.say();
  }

  ask(answers) {
    const body = new URLSearchParams([...answers, ...this.its.hidden()]);
    return fetch(this.form.dataset.saves, {
      method: "POST",
      headers: { "X-CSRFToken": this.form.elements.csrf_token.value },
      body,
      redirect: "manual",
      keepalive: body.toString().length < KEEPALIVE_AT_MOST,
      signal: AbortSignal.timeout(20000),
    });
  }

  take(isSaved, told) {
    const its = this.its;
    const answers = its.sent;
    [its.sent, this.trouble, this.tries] = [null, "", 0];
    if (isSaved) {
      [its.saved, this.savedAt, this.form.elements.version.value] = [answers, told.at, told.version];
      its.came = its.hidden();
      if (its.isPending) this.sendSoon();
      else drop(its.key);
    } else if (told.state === "stale") its.isClash = true;
    else this.refusal = told.why ?? "try again.";
    its.isRefused = Boolean(this.refusal);
    if (its.isPending) its.note();
    its.draft.send(); // what cannot be saved now is kept, and what is saved no longer
  }

  // Somebody signed in again in another window, or nobody is.
  async renew() {
    const isOurs = await takeNewToken().catch(() => false);
    this.trouble = isOurs ? "" : "signed out";
    if (isOurs) this.sendAfter(this.nextWait());
  }

  nextWait() {
    return 1000 * WAITS[Math.min(this.tries++, WAITS.length - 1)];
  }

  sendSoon() {
    this.since ||= Date.now();
    this.sendAfter(untilSent(this.since));
  }

  sendAfter(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  say() {
    const said = this.its.bar.firstElementChild;
    const where = this.its.where();
    let words = this.savedAt && `Saved at ${this.savedAt}`;
    if (this.trouble === "signed out") words = `Not saved: you are signed out. ${where} `;
    else if (this.trouble) words = `Not saved: no connection. ${where} It is sent when the connection is back.`;
    else if (this.its.isClash) words = `Not saved: somebody else saved this page while you were working. ${where}`;
    else if (this.refusal) words = `Not saved: ${this.refusal} ${where}`;
    if (said.firstChild?.data === words) return;
    said.textContent = words;
    if (this.trouble === "signed out") offerToSignIn(said, words, this.form.dataset.signIn);
    if (this.its.isClash) this.offerBoth();
  }

  offerBoth() {
    const button = document.createElement("button");
    [button.className, button.textContent] = ["govuk-button govuk-button--secondary", "See both texts"];
    if (this.its.bar.children.length === 1) this.its.bar.append(button);
  }

  // The page's own button waits for what is on its way: it would clash with it.
  async wait(event) {
    if (!this.flight || this.isWaiting) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.isWaiting = true;
    await this.flight;
    setTimeout(() => {
      this.isWaiting = false;
      this.form.requestSubmit(event.submitter);
    });
  }

  // The page goes: what is typed is sent, and whoever opens it again learns what became of that.
  sendBlindly() {
    if (this.flight || this.trouble || !this.isToSend || this.its.isLeaving) return;
    this.its.sent ??= this.its.read();
    this.its.note();
    this.ask(this.its.sent).catch(() => null);
  }
}

export function saveByItself(its) {
  return new SavedForm(its);
}
