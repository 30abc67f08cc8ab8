// Says on the page of a return what this browser keeps of it and the service has not saved, with a link to where it was
// typed. Where the return can no longer be changed, each text is shown once more, to be copied and then let go.
import { drop, everythingKept } from "./typed.js";

export function showWhatIsKept() {
  const place = document.querySelector("[data-kept-of]");
  const ours = everythingKept().filter(([, typed]) => typed?.where?.startsWith(place?.dataset.keptOf));
  if (!place || !ours.length) return;
  place.className = "govuk-inset-text";
  const heading = make("h2", "govuk-heading-s", "There is text in this browser that was not saved");
  const isLocked = "locked" in place.dataset;
  place.append(heading, isLocked ? lastLook() : list(ours));
  if (isLocked) place.append(...ours.map(([key, typed], number) => oneText(key, typed, number, place)));
}

function lastLook() {
  const words = "The return can no longer be changed. Copy what you need elsewhere, then remove it from this browser.";
  return make("p", "govuk-body", words);
}

function list(ours) {
  const list = make("ul", "govuk-list");
  list.append(...ours.map(([, typed]) => wrapped("li", "", linkTo(typed))));
  return list;
}

function oneText(key, typed, number, place) {
  const part = make("section", "");
  const label = make("h3", "govuk-heading-s", typed.title);
  label.id = `kept-${number}`;
  const text = make("p", "app-as-typed", typed.texts.join("\n\n") || "What was chosen there, without a text.");
  const said = make("p", "govuk-body-s");
  said.setAttribute("role", "status");
  const buttons = make("div", "govuk-button-group");
  const copy = button("Copy", label.id, async () => {
    const isCopied = await navigator.clipboard?.writeText(text.textContent).then(() => true, () => false);
    if (!isCopied) getSelection().selectAllChildren(text);
    said.textContent = isCopied ? "Copied." : "The text is selected. Copy it with the keyboard or the menu.";
  });
  const remove = button("Remove it from this browser", label.id, () => {
    drop(key);
    text.remove();
    buttons.hidden = true;
    [said.tabIndex, said.textContent] = [-1, "Removed from this browser."];
    said.focus(); // the button that had the focus is gone
    if (!place.querySelector(".app-as-typed")) place.querySelector("p").remove();
  });
  buttons.append(copy, remove);
  part.append(label, text, buttons, said);
  return part;
}

function linkTo(typed) {
  const link = make("a", "govuk-link", typed.title);
  link.href = typed.where;
  return link;
}

function button(words, about, press) {
  const made = make("button", "govuk-button govuk-button--secondary", words);
  [made.type, made.id] = ["button", `${about}-${words.split(" ")[0].toLowerCase()}`];
  made.setAttribute("aria-labelledby", `${made.id} ${about}`);
  made.addEventListener("click", press);
  return made;
}

function wrapped(name, classes, inside) {
  const made = make(name, classes);
  made.append(inside);
  return made;
}

function make(name, classes, words = "") {
  const made = document.createElement(name);
  [made.className, made.textContent] = [classes, words];
  return made;
}
