// Keeps what is typed into a form marked data-keeps in this browser until the service has taken the form, and fills it
// in again, over the version that it was typed over: should somebody have saved meanwhile, the service shows both.
import { drop, keep, kept, person } from "./typed.js";

const VERSION = /^(version|number|seen.*)$/;
const SHOWN = /^(version|seen-\d+)$/; // what says which version of a text that can clash the page showed
const isText = (field) => field.matches("textarea, input[type=text]");
const isHidden = (field) => field.type === "hidden";
const isChoice = (field) => ["radio", "checkbox"].includes(field.type);
const tidy = (text) => text.replaceAll("\r\n", "\n").trim();
const versionsAmong = (hidden) => hidden.filter(([name]) => VERSION.test(name));
const carriedAmong = (hidden) => hidden.filter(([name]) => !VERSION.test(name)); // a text that goes from page to page
const same = (one, other) => Boolean(other) && JSON.stringify(one) === JSON.stringify(other);

export class KeptForm {
  constructor(form) {
    this.form = form;
    this.key = `${person()} ${location.pathname}`;
    this.leftOut = (form.dataset.notKept ?? "").split(" ");
    this.isClash = form.dataset.unsaved === "clash";
    this.isKept = true;
    this.isLeaving = false;
    this.sent = null; // on the way, or of unknown fate
    this.saved = this.read(false);
    this.came = this.hidden();
    this.bar = this.addBar();
    this.takeUp();
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      this.isLeaving = true;
      if (this.isToKeep) this.note();
    });
    addEventListener("pageshow", () => (this.isLeaving = false));
    addEventListener("beforeunload", (event) => {
      if (!this.isLeaving && this.isPending && !(this.isKept && !this.notKept.length)) event.preventDefault();
    });
  }

  get isPending() {
    return this.isToKeep || this.notKept.length > 0;
  }

  get isToKeep() {
    return "unsaved" in this.form.dataset || !this.isAsItCame(this.read(), this.hidden());
  }

  isAsItCame(answers, hidden) {
    return same(answers, this.saved) && same(carriedAmong(hidden), carriedAmong(this.came));
  }

  // The fields that are never kept and have a text of their own now.
  get notKept() {
    const fields = this.fields((field) => isText(field) && this.leftOut.includes(field.name));
    return fields.filter((field) => tidy(field.value) !== tidy(field.defaultValue));
  }

  fields(fits) {
    return [...this.form.elements].filter((field) => field.name && field.name !== "csrf_token" && fits(field));
  }

  // What the fields hold, or what the page came with, as pairs in their order.
  read(isLive = true) {
    const fields = this.fields((field) => field.matches("textarea, input:not([type=hidden])"));
    const its = fields.filter((field) => !this.leftOut.includes(field.name));
    return its.flatMap((field) => {
      if (isText(field)) return [[field.name, tidy(isLive ? field.value : field.defaultValue)]];
      return (isLive ? field.checked : field.defaultChecked) ? [[field.name, field.value]] : [];
    });
  }

  hidden() {
    const fields = this.fields((field) => isHidden(field) && !this.leftOut.includes(field.name));
    return fields.map((field) => [field.name, field.value]);
  }

  show(answers) {
    const left = answers.map((pair) => [...pair]);
    for (const field of this.fields((one) => !this.leftOut.includes(one.name))) {
      const place = left.findIndex(([name, value]) => name === field.name && (!isChoice(field) || value === field.value));
      if (isChoice(field)) field.checked = place >= 0;
      else if (place >= 0 && (isText(field) || isHidden(field))) [[, field.value]] = left.splice(place, 1);
    }
  }

  takeUp() {
    if ("unsaved" in this.form.dataset) return this.typed();
    const before = kept(this.key);
    if (!before?.answers) return;
    if (this.isAsItCame(before.answers, before.hidden)) return drop(this.key);
    const wasTaken = same(before.sent, this.saved);
    this.show([...before.answers, ...(wasTaken ? carriedAmong(before.hidden) : before.hidden)]);
    this.typed();
    if (!this.form.dataset.saves) this.tell(before.at);
  }

  note() {
    const hidden = this.hidden().map(([name, value]) => [name, this.isClash && SHOWN.test(name) ? "0" : value]);
    const changed = this.fields(isText).filter((field) => !this.leftOut.includes(field.name));
    this.isKept = keep(this.key, {
      hidden,
      answers: this.read(),
      sent: this.sent,
      where: location.pathname,
      title: document.querySelector("h1").textContent.trim(),
      texts: changed.filter((field) => tidy(field.value) !== tidy(field.defaultValue)).map((field) => field.value),
    });
  }

  typed() {
    if (this.isToKeep) this.note();
    else drop(this.key);
    this.say();
  }

  say(words = this.isPending ? `Not saved yet. ${this.where()}` : "") {
    const said = this.bar.firstElementChild;
    if (said.textContent !== words) said.textContent = words;
  }

  where() {
    if (!this.isKept) return "Keep this page open.";
    if (!this.notKept.length) return "Kept in this browser.";
    const labels = this.notKept.map((field) => `“${field.labels[0].textContent.trim()}”`).join(" and ");
    return this.isToKeep ? `Kept in this browser, but for ${labels}.` : `The browser does not keep ${labels}.`;
  }

  addBar() {
    const bar = document.createElement("div");
    bar.className = "app-saving-bar";
    bar.innerHTML = '<p class="govuk-body-s app-saving-bar__said" role="status"></p>';
    this.form.append(bar);
    return bar;
  }

  // Says above the form that an earlier text stands in it again, and offers to let it go.
  tell(at) {
    const day = new Date(at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" });
    const press = this.form.querySelector("button").textContent.trim();
    const isOlder = !same(versionsAmong(this.came), versionsAmong(this.hidden()));
    const place = document.createElement("div");
    place.className = "govuk-inset-text";
    place.innerHTML = '<p tabindex="-1"></p><button type="button" class="govuk-button govuk-button--secondary"></button>';
    const [words, button] = place.children;
    words.textContent = `You typed here on ${day}, and it is not saved yet. It is filled in again below.`;
    if (isOlder) words.textContent += ` Somebody saved this page meanwhile. Press “${press}” to see both where they differ.`;
    else if (carriedAmong(this.hidden()).some(([, text]) => text)) words.textContent += ` Press “${press}” to see all of it.`;
    button.textContent = "Remove it, and show what is saved";
    button.addEventListener("click", () => {
      this.form.reset();
      this.show([...this.came, ...this.saved]);
      drop(this.key);
      this.say();
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
    if (!form.dataset.saves || "unsaved" in form.dataset) return;
    const { saveByItself } = await import("./saved_form.js");
    saveByItself(its);
  });
}
