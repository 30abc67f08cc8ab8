// What was typed and the service has not acknowledged yet, kept in this browser: by person and address for a form, by
// person, return and question for a rating. It goes when it was acknowledged or taken, when its person signs out, and
// after a day in any case.
const BEGINS = "typed ";
const SENT = "sent"; // of this tab: the form that is on its way
const A_DAY = 24 * 60 * 60 * 1000;
export const ASK_TO_SIGN_OUT = "What you typed here is not saved yet, and signing out removes it. Sign out all the same?";

export function keep(key, typed) {
  try {
    localStorage.setItem(BEGINS + key, JSON.stringify({ ...typed, at: Date.now() }));
    return true;
  } catch {
    return false; // the browser keeps nothing, or no more
  }
}

export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(BEGINS + key));
  } catch {
    return null;
  }
}

export function drop(key) {
  localStorage.removeItem(BEGINS + key);
}

// Who is signed in on this page.
export function person() {
  return signOut()?.dataset.person;
}

// What is kept for whoever is signed in, as pairs of key and what was typed.
export function everythingKept() {
  return keys()
    .filter((key) => key.startsWith(`${person()} `))
    .map((key) => [key, kept(key)]);
}

export function forgetWhatWasTyped() {
  keys()
    .filter((key) => !(Date.now() - (kept(key)?.at ?? 0) < A_DAY))
    .forEach(drop);
  forgetWhatWasTaken();
  document.addEventListener("submit", noteWhatIsSent);
  signOut()?.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (everythingKept().length && !confirm(ASK_TO_SIGN_OUT)) event.preventDefault();
    else everythingKept().forEach(([key]) => drop(key));
  });
}

// A form was taken if the page it leads to is another one and says that it is done. Whatever else comes (the form
// again, signing in, an error, no answer at all) leaves it kept.
function noteWhatIsSent(event) {
  const key = `${person()} ${new URL(event.target.action).pathname}`;
  if (!event.defaultPrevented && kept(key)) sessionStorage.setItem(SENT, key);
}

function forgetWhatWasTaken() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  const isLedOn = performance.getEntriesByType("navigation")[0]?.redirectCount > 0;
  const isDone = document.querySelector(".govuk-notification-banner--success");
  if (key?.startsWith(`${person()} `) && !key.endsWith(` ${location.pathname}`) && isLedOn && isDone) drop(key);
}

function signOut() {
  return document.querySelector("form.app-header__form");
}

function keys() {
  const names = Object.keys(localStorage).filter((name) => name.startsWith(BEGINS));
  return names.map((name) => name.slice(BEGINS.length));
}
