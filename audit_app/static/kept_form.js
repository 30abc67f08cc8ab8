// Keeps what is typed into a form marked data-keeps until the service has taken the form, and fills it in again, over
// the version that it was typed over: should somebody have saved meanwhile, the service shows both. The service keeps
// it (draft.js). What it has not acknowledged is kept in this browser, but for fields that are kept in none.
import { Draft } from "./draft.js";
import { offerToSignIn } from "./signed_in.js";
import { drop, keep, kept, person } from "./typed.js";

const VERSION = /^(version|number|token|seen.*)$/;
const SHOWN = /^(version|seen-\d+)$/; // what says which version of a text that can clash the page showed
const EVERYTHING = "*";
const NOT_NAMES = "are_not_names"; // on any page: that what the service found there names nobody
const A_DOUBLE_CLICK = 1000;
const NO_ANSWER = 20000; // until a form that was sent is looked at as one that was not
const isText = (field) => field.matches("textarea, input:not([type=hidden], [type=radio], [type=checkbox])");
const isHidden = (field) => field.type === "hidden";
const isChoice = (field) => ["radio", "checkbox"].includes(field.type);
const isNeverKept = (field) => ["password", "file"].includes(field.type) || field.name === "csrf_token";
const tidy = (text) => text.replaceAll("\r\n", "\n").trim();
const chosenAtFirst = (select) => ([...select.options].find((one) => one.defaultSelected) ?? select.options[0])?.value;
const versionsAmong = (hidden) => hidden.filter(([name]) => VERSION.test(name) && name !== "token");
const carriedAmong = (hidden) => hidden.filter(([name]) => !VERSION.test(name)); // a text that goes from page to page
const same = (one, other) => Boolean(other) && JSON.stringify(one) === JSON.stringify(other);

export class KeptForm {
  constructor(form) {
    this.form = form;
    this.key = `${person()} ${location.pathname}`;
    this.anew = [NOT_NAMES, ...(form.dataset.anew ?? "").split(" ")]; // what is answered anew, whatever was typed
    this.notInBrowser = (form.dataset.notInBrowser ?? "").split(" ");
    this.isClash = form.dataset.unsaved === "clash";
    this.savesItself = "saves" in form.dataset && !("unsaved" in form.dataset);
    this.isRefused = false; // of a form that saves itself
    this.isKept = true;
    this.isLeaving = false;
    this.heldAt = 0; // when the form was held back for want of a connection
    this.sent = null; // on the way, or of unknown fate
    this.saved = this.read(false);
    this.came = this.hidden();
    this.bar = this.addBar();
    this.draft = new Draft(form, {
      typed: () => this.toKeep(),
      mark: () => this.markOf(this.read()),
      told: () => this.toldOfDraft(),
      isHeld: () => this.isLeaving,
    });
    this.takeUp();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("submit", (event) => this.signOut(event), true);
    addEventListener("pageshow", () => {
      this.draft.wasSent = this.isLeaving; // and shown once more
      this.stay();
    });
    addEventListener("pagehide", () => this.draft.sendBlindly());
    addEventListener("beforeunload", (event) => {
      if (!this.isLeaving && this.isPending && !this.isSafe) event.preventDefault();
    });
  }

  get isPending() {
    return "unsaved" in this.form.dataset || !this.isAsItCame(this.read(), this.hidden());
  }

  // Whether the page may go, and nothing that was typed goes with it.
  get isSafe() {
    return this.draft.hasIt || (this.isKept && !this.onlyHere.length);
  }

  isAsItCame(answers, hidden) {
    return same(answers, this.saved) && same(carriedAmong(hidden), carriedAmong(this.came));
  }

  // The fields that no browser keeps and that hold something of their own now.
  get onlyHere() {
    const before = this.pairs(false).map(([field, , value]) => [field.name, value]);
    return this.pairs().filter(
      ([field, name, value]) => this.isWithheld(name) && !before.some(([one, other]) => one === name && other === value),
    );
  }

  isWithheld(name) {
    return this.notInBrowser.includes(name) || this.notInBrowser.includes(EVERYTHING);
  }

  fields(fits) {
    const all = [...this.form.elements].filter((field) => field.name && !isNeverKept(field));
    return all.filter((field) => fits(field) && !this.anew.includes(field.name));
  }

  // What the fields hold, or what the page came with, with their names and in their order.
  pairs(isLive = true) {
    return this.fields((field) => field.matches("textarea, select, input:not([type=hidden])")).flatMap((field) => {
      if (isChoice(field)) {
        return (isLive ? field.checked : field.defaultChecked) ? [[field, field.name, field.value]] : [];
      }
      const first = field.matches("select") ? chosenAtFirst(field) : field.defaultValue;
      return [[field, field.name, tidy(isLive ? field.value : first)]];
    });
  }

  read(isLive = true) {
    return this.pairs(isLive).map(([, name, value]) => [name, value]);
  }

  hidden() {
    return this.fields(isHidden).map((field) => [field.name, field.value]);
  }

  show(answers) {
    const left = answers.map((pair) => [...pair]);
    for (const field of this.fields((one) => !one.matches("button, fieldset, output"))) {
      const place = left.findIndex(([name, value]) => name === field.name && (!isChoice(field) || value === field.value));
      if (isChoice(field)) field.checked = place >= 0;
      else if (place >= 0) [[, field.value]] = left.splice(place, 1);
    }
  }

  takeUp() {
    if ("unsaved" in this.form.dataset) return this.typed();
    const there = "draft" in this.form.dataset ? JSON.parse(this.form.dataset.draft) : null;
    const here = kept(this.key);
    const isFromHere = Boolean(here?.answers) && (!there || this.isOver(here, there));
    const before = isFromHere ? here : there;
    if (!before) return;
    const rest = isFromHere ? (there?.answers ?? this.saved).filter(([name]) => this.isWithheld(name)) : [];
    const wasTaken = same(before.sent, this.saved);
    this.show([...before.answers, ...rest, ...(wasTaken ? carriedAmong(before.hidden) : before.hidden)]);
    const isFilledIn = this.isPending;
    if (!isFilledIn) this.show([...this.came, ...this.saved]);
    else if (this.toKeep() === this.asKept(there ?? {})) this.draft.isTheirs();
    this.typed();
    this.draft.send(); // at once: another window of theirs may have more, and sends it later
    if (isFilledIn && !this.savesItself) this.tell(isFromHere ? here.at : Number(this.form.dataset.draftAt));
  }

  // Whether what is kept here was typed over what the service has: no clock of a computer decides, where it need not.
  isOver(here, there) {
    const at = this.form.dataset.draftAt;
    if (here.draftAt === null || here.draftAt === undefined) return Number(at) <= here.at;
    return here.draftAt === at || here.unheard.includes(this.markOf(there.answers));
  }

  // What answers are known by, without those that no browser keeps.
  markOf(answers) {
    const text = JSON.stringify(answers.filter(([name]) => !this.isWithheld(name)));
    return [...text].reduce((mark, one) => (Math.imul(mark, 31) + one.codePointAt(0)) | 0, 0);
  }

  // What the service is to keep, as text: nothing of a form that is as it came, or that saves itself.
  toKeep() {
    if (!this.isPending || (this.savesItself && !this.isClash && !this.isRefused)) return "";
    const pairs = this.pairs();
    const isChanged = ([field]) => isText(field) && tidy(field.value) !== tidy(field.defaultValue);
    const changed = pairs.flatMap((pair, place) => (isChanged(pair) ? [place] : []));
    return this.asKept({ title: this.place, hidden: this.typedOver(), answers: this.read(), changed });
  }

  asKept({ title, hidden, answers, changed }) {
    return JSON.stringify({ title, hidden, answers, changed }, (_, part) => part?.toWellFormed?.() ?? part);
  }

  get title() {
    return document.querySelector("h1").textContent.trim();
  }

  // The page as its window is called: its heading, and the case or the round it is about.
  get place() {
    return document.title.replace(/^Error: /, "").split(" – ").slice(0, 2).join(", ");
  }

  // The hidden fields. Where a clash was shown and not decided, it is to be shown again.
  typedOver() {
    return this.hidden().map(([name, value]) => [name, this.isClash && SHOWN.test(name) ? "0" : value]);
  }

  note() {
    const pairs = this.pairs().filter(([, name]) => !this.isWithheld(name));
    this.isKept =
      !this.isWithheld(EVERYTHING) &&
      keep(this.key, {
        hidden: this.typedOver().filter(([name]) => !this.isWithheld(name)),
        answers: pairs.map(([, name, value]) => [name, value]),
        sent: this.sent,
        draftAt: this.draft.keptAt,
        unheard: this.draft.unheard,
        where: location.pathname,
        title: this.title,
        texts: pairs.flatMap(([field]) => (isText(field) && field.value !== field.defaultValue ? [field.value] : [])),
      });
  }

  // The form is on its way. Nothing typed meanwhile is kept: it would come back as not saved.
  leave() {
    this.isLeaving = true;
    clearTimeout(this.staying);
    this.staying = setTimeout(() => [this.stay(), this.typed()], NO_ANSWER);
  }

  stay() {
    this.isLeaving = false;
    clearTimeout(this.staying);
  }

  typed() {
    if (this.isLeaving) return;
    if (this.isPending && !this.draft.hasIt) this.note();
    else drop(this.key);
    this.draft.later();
    this.say();
  }

  toldOfDraft() {
    if (this.draft.hasIt) drop(this.key);
    if (!this.draft.trouble) this.heldAt = 0;
    this.say();
  }

  say() {
    const said = this.bar.firstElementChild;
    const words = this.isPending ? this.words() : "";
    if (said.firstChild?.data === words || said.textContent === words) return;
    said.textContent = words;
    const isOut = this.isPending && this.draft.trouble === "signed out";
    if (isOut) offerToSignIn(said, words, this.form.dataset.signIn, { isElsewhere: this.onlyHere.length > 0 });
  }

  words() {
    const { trouble, refusal, at, hasIt } = this.draft;
    if (trouble === "signed out") return `Not kept: you are signed out. ${this.where()} `;
    if (trouble === "not taken") return `Not kept: the service does not take it now. ${this.where()} It is sent again soon.`;
    if (trouble) {
      const again = this.heldAt ? ` To try all the same, press “${this.press}” again.` : "";
      return `Not kept: no connection. ${this.where()} It is sent when the connection is back.${again}`;
    }
    if (refusal) return `Not kept: ${refusal} ${this.where()}`;
    if (!at && !hasIt) return `Not saved yet. ${this.where()}`;
    const kept = `Kept${at ? ` at ${at}` : ""}, for you alone`;
    if (!this.press) return `${kept}. It can no longer be saved here.`;
    return `${kept}: nobody else sees it until you press “${this.press}”.`;
  }

  get press() {
    const buttons = [...this.form.querySelectorAll("button:not([hidden])")];
    const its = buttons.find((one) => !one.matches(".govuk-button--secondary")) ?? buttons[0];
    return its?.textContent.trim() ?? ""; // there is none where nothing can be saved any more
  }

  where() {
    if (this.draft.hasIt) return "It is kept for you.";
    return this.isSafe ? "Kept in this browser." : "Keep this page open.";
  }

  addBar() {
    const bar = document.createElement("div");
    bar.className = "app-saving-bar";
    bar.innerHTML = '<p class="govuk-body-s app-saving-bar__said" role="status"></p>';
    this.form.append(bar);
    return bar;
  }

  get isAsGoodAsKept() {
    return (this.draft.hasIt && !this.draft.flight) || this.draft.refusal;
  }

  // The page's own button waits until the service keeps what it sends: then nothing is lost, whatever comes back. What
  // only this page has is not sent into the void.
  async submit(event) {
    if (event.defaultPrevented) return;
    if (this.savesItself || this.isSettled || !this.isPending || this.isAsGoodAsKept) {
      this.leave();
      if (this.isPending && !this.draft.hasIt) this.note();
      return;
    }
    event.preventDefault();
    if (this.isWaiting || !(await this.isReady())) return;
    this.isSettled = true;
    this.form.requestSubmit(event.submitter);
    this.isSettled = false;
  }

  // Only what cannot be sent at all is held back, and once: whoever presses again knows better.
  async isReady() {
    this.isWaiting = true;
    await this.draft.settle();
    this.isWaiting = false;
    const isPressedAgain = this.heldAt && Date.now() - this.heldAt > A_DOUBLE_CLICK;
    const isToGo = this.isSafe || this.draft.trouble !== "offline" || isPressedAgain;
    this.heldAt = isToGo ? 0 : this.heldAt || Date.now();
    this.say();
    return isToGo;
  }

  async signOut(event) {
    const isToWait = this.isPending && !this.savesItself && !this.draft.hasIt && !this.draft.refusal;
    if (!event.target.matches(".app-header__form") || !isToWait || this.isSettled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await this.draft.settle();
    this.isSettled = true;
    event.target.requestSubmit();
    this.isSettled = false;
  }

  // Says above the form that an earlier text stands in it again, and offers to let it go.
  tell(at) {
    const day = new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
    const isOlder = !same(versionsAmong(this.came), versionsAmong(this.hidden()));
    const place = document.createElement("div");
    place.className = "govuk-inset-text";
    place.innerHTML = '<p tabindex="-1"></p><button type="button" class="govuk-button govuk-button--secondary"></button>';
    const [words, button] = place.children;
    words.textContent = `You typed here on ${day}, and it is not saved yet. It is filled in again below.`;
    if (!this.press) words.textContent += " It can no longer be saved here.";
    else if (isOlder) words.textContent += ` Somebody saved this page meanwhile. Press “${this.press}” to see both where they differ.`;
    else if (carriedAmong(this.hidden()).some(([, text]) => text)) words.textContent += ` Press “${this.press}” to see all of it.`;
    button.textContent = "Remove it, and show what is saved";
    button.addEventListener("click", () => {
      this.form.reset();
      this.show([...this.came, ...this.saved]);
      this.typed();
      this.draft.send();
      words.textContent = "What you had typed is removed. What is saved is shown below.";
      words.focus();
      button.remove();
    });
    this.form.before(place);
  }
}

export function keepForms() {
  document.querySelectorAll("form[data-keeps]").forEach(async (form) => {
    const its = new KeptForm(form);
    if (!its.savesItself) return;
    const { saveByItself } = await import("./saved_form.js");
    saveByItself(its);
  });
}
