// Keeps a session open while somebody types, and warns before it ends. The server decides; this only asks and tells.
const WARN_BEFORE = 5 * 60 * 1000;
const ASK_EVERY = 2 * 60 * 1000;
const SEEN_AT = "seen-at"; // shared between tabs: whoever works in one is not warned in another

export function keepSessionOpen() {
  const place = document.querySelector(".app-session");
  if (!place) return;
  const warning = place.firstElementChild;
  const lasts = Number(place.dataset.idleMinutes) * 60 * 1000;
  let askedAt = note();

  function note() {
    const now = Date.now();
    localStorage.setItem(SEEN_AT, now);
    return now;
  }

  async function stay() {
    askedAt = Date.now();
    const answer = await fetch(place.dataset.stay, { redirect: "manual", cache: "no-store" }).catch(() => null);
    if (answer?.status === 204) {
      note();
      warning.hidden = true;
    }
  }

  document.addEventListener("input", () => {
    if (Date.now() - askedAt > Math.min(ASK_EVERY, lasts / 4)) stay();
  });
  warning.querySelector("button").addEventListener("click", stay);
  setInterval(() => {
    const left = Number(localStorage.getItem(SEEN_AT)) + lasts - Date.now();
    warning.hidden = left > Math.min(WARN_BEFORE, lasts / 2) || left < 0;
  }, 1000);
}
