// Saves a return's answers while somebody types, one question a post. Without it the page's button saves the same.
// Focus is never moved by it, and what could not be saved is said at the foot of the page and kept in this browser.
import { useKeys, goToNext } from "./rating_keys.js";
import { SavedQuestion } from "./saved_question.js";
import { offerToSignIn, takeNewToken } from "./signed_in.js";
import { ASK_TO_SIGN_OUT } from "./typed.js";

const WAITS = [2, 4, 8, 16, 30]; // seconds until it is tried again
const form = document.querySelector("form.app-scored");
const said = form.querySelector("[role=status]");
const next = form.querySelector("[name=unanswered]");
let savedAt = "";
let trouble = ""; // "offline" or "signed out": of the page, not of one question
let tries = 0;
let again = 0;
let renewing = null;
let isWaiting = false;
let isLeaving = false;

const page = { answered, isHeld: () => Boolean(renewing) || trouble === "signed out" };
const questions = new Map(
  [...form.querySelectorAll("[data-indicator]")].map((section) => [section, new SavedQuestion(section, form, page)]),
);
const all = () => [...questions.values()];
const pending = () => all().filter((question) => question.isPending);

function answered(outcome, at = "") {
  if (outcome === "saved") {
    [savedAt, trouble, tries] = [at, "", 0];
    if (pending().some((question) => !question.timer)) tryAgain(0); // what else waited for the connection
  } else if (outcome === "offline") {
    trouble = outcome;
    tryAgain(WAITS[Math.min(tries, WAITS.length - 1)]);
  } else if (outcome === "signed out") {
    renew();
  }
  say();
}

function tryAgain(seconds) {
  clearTimeout(again);
  again = setTimeout(sendAll, seconds * 1000);
}

function sendAll() {
  if (trouble === "offline") tries++;
  return Promise.all(pending().map((question) => question.send()));
}

function renew() {
  renewing ??= takeNewToken()
    .then((isOurs) => {
      trouble = isOurs ? "" : "signed out";
      if (!isOurs) return;
      tryAgain(tries && WAITS[Math.min(tries, WAITS.length - 1)]);
      tries++;
    })
    .catch(() => answered("offline"))
    .finally(() => {
      renewing = null;
      say();
    });
  return renewing;
}

function say() {
  const clash = all().find((question) => question.isClash);
  const refused = all().find((question) => question.refusal);
  const where = all().every((question) => question.isKept) ? "Kept in this browser." : "Keep this page open.";
  let words = savedAt && `Saved at ${savedAt}`;
  if (trouble === "signed out") words = `Not saved: you are signed out. ${where} `;
  else if (trouble) words = `Not saved: no connection. ${where} It is sent when the connection is back.`;
  else if (clash) words = `${clash.code} was answered elsewhere while you were working. Choose which should stand.`;
  else if (refused) words = `${refused.code} is not saved: ${refused.refusal}`;
  said.parentElement.classList.toggle("app-saving-bar--unsaved", Boolean(trouble || clash || refused));
  if (said.firstChild?.data === words) return;
  said.textContent = words;
  if (trouble === "signed out") offerToSignIn(said, words, form.dataset.signIn);
  if (!trouble && (clash || refused)) pointTo(clash ?? refused);
}

// The question may be out of sight: the words lead there for whoever follows them, and nobody is taken there.
function pointTo(question) {
  const link = document.createElement("a");
  [link.href, link.className, link.textContent] = [`#${question.section.id}`, "govuk-link", `Go to ${question.code}`];
  said.append(" ", link);
}

async function settle() {
  if (trouble === "signed out") await renew();
  for (let round = 0; round < 5 && pending().length && (round === 0 || !trouble); round++) {
    await sendAll();
    await renewing;
  }
  return !pending().length;
}

// A form that is being submitted cannot be submitted again: only once that is over.
function submitNow(what, button) {
  setTimeout(() => what.requestSubmit(button));
}

form.addEventListener("input", (event) => questions.get(event.target.closest("[data-indicator]"))?.typed(event.target));
form.addEventListener("change", (event) => {
  if (event.target.type !== "radio") questions.get(event.target.closest("[data-indicator]"))?.send();
});
form.addEventListener("click", (event) => {
  if (event.target.closest("[data-settle]")) questions.get(event.target.closest("[data-indicator]")).settleClash();
});
form.addEventListener("submit", async (event) => {
  if (isLeaving) return;
  event.preventDefault();
  if (isWaiting || (event.submitter === next && goToNext(form))) return;
  isWaiting = true;
  await settle();
  isWaiting = false;
  said.textContent = trouble ? "" : said.textContent; // so that it is said again
  say();
  if (trouble) return;
  isLeaving = true;
  all().forEach((question) => question.yieldIfChosen());
  submitNow(form, event.submitter);
});
document.addEventListener(
  "submit",
  async (event) => {
    if (event.target.matches(".app-header__form") && pending().length) {
      event.preventDefault();
      const isReady = (await settle()) || confirm(ASK_TO_SIGN_OUT);
      if (!isReady) return;
      all().forEach((question) => question.giveUp());
      submitNow(event.target);
    }
  },
  true,
);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && trouble === "signed out") renew();
  else sendAll();
});
addEventListener("pagehide", () => pending().forEach((question) => question.sendBlindly()));
addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) sendAll();
});
addEventListener("online", sendAll);
addEventListener("beforeunload", (event) => {
  if (!isLeaving && pending().some((question) => !question.isKept)) event.preventDefault();
});
form.querySelector("[data-leave]").textContent = "Back to the return"; // nothing is left unsaved
useKeys(form, next);
sendAll();
say();
