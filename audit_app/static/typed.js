// What was typed and the service has not acknowledged yet, kept in this browser by person, return and question.
// It goes when it was acknowledged, when its person signs out, and after a day in any case.
const BEGINS = "typed ";
const A_DAY = 24 * 60 * 60 * 1000;

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

export function forgetWhatWasTyped() {
  forget((key) => !(Date.now() - (kept(key)?.at ?? 0) < A_DAY));
  const out = document.querySelector("form.app-header__form");
  out?.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) forget((key) => key.startsWith(`${out.dataset.person} `));
  });
}

function forget(isOver) {
  const keys = Object.keys(localStorage).filter((name) => name.startsWith(BEGINS));
  keys.map((name) => name.slice(BEGINS.length)).filter(isOver).forEach(drop);
}
