// Keeps a screen in a panel's room where the room is: asks every two seconds whether it changed, and takes over what did.
// Focus is never moved and nothing that somebody is typing is replaced: such a part waits until they leave it.
const ASK_EVERY = 2000;
const place = document.getElementById("room");
const status = document.getElementById("room-status");
const moved = document.getElementById("room-moved");
let tag = "";
let shown = regionsOf(place);
let waiting = new Map();
let lost = false;

if (place) {
  setInterval(ask, ASK_EVERY);
  setInterval(tell, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  place.addEventListener("focusout", () => setTimeout(takeWhatWaits));
  moved?.querySelector("button").addEventListener("click", () => takeWhatWaits(true));
  tell();
}

function regionsOf(from) {
  return new Map([...from.querySelectorAll("[data-region]")].map((one) => [one.id, withoutToken(one)]));
}

// The token of a form differs from page to page though nothing changed.
function withoutToken(region) {
  return region.outerHTML.replace(/(name="csrf_token" value=")[^"]*/g, "$1");
}

async function ask() {
  if (document.hidden) return;
  const headers = tag ? { "If-None-Match": tag } : {};
  const response = await fetch(place.dataset.now, { headers, cache: "no-store", redirect: "manual" }).catch(() => null);
  if (!response || response.status >= 500) return say("The connection is lost. This page tries again every two seconds.");
  if (response.type === "opaqueredirect" || response.status === 401) return say("You are signed out. Reload this page to sign in.");
  if (lost) say("");
  if (response.status !== 200) return;
  tag = response.headers.get("ETag");
  take(new DOMParser().parseFromString(await response.text(), "text/html"));
}

function say(words) {
  lost = words !== "";
  announce(words || document.getElementById("room-said").textContent);
}

function announce(words) {
  if (status.textContent !== words) status.textContent = words;
}

function take(page) {
  const now = regionsOf(page);
  waiting.clear();
  for (const [id, html] of now) {
    if (shown.get(id) !== html) put(id, page.getElementById(id), html);
  }
  for (const id of shown.keys()) if (!now.has(id)) put(id, null, "");
  moved && (moved.hidden = waiting.size === 0);
  announce(page.getElementById("room-said").textContent);
}

// Puts a region that changed in its place, or lets it wait while somebody is at work in the old one.
function put(id, region, html, force = false) {
  const old = document.getElementById(id);
  if (old && !force && isAtWork(old)) {
    if (!region || old.dataset.key !== region.dataset.key) waiting.set(id, [region, html]);
    return;
  }
  if (!region) {
    old?.remove();
    shown.delete(id);
    return;
  }
  keepWhatWasTyped(old, region);
  const open = new Set([...(old?.querySelectorAll("details[open] > summary") ?? [])].map((one) => one.textContent));
  const fresh = document.importNode(region, true);
  fresh.querySelectorAll("details > summary").forEach((one) => open.has(one.textContent) && (one.parentElement.open = true));
  if (old) old.replaceWith(fresh);
  else insert(region, fresh);
  shown.set(id, html);
}

// A part that was not there stands where the new page has it: before the next one that is here too.
function insert(region, fresh) {
  let next = region.nextElementSibling;
  while (next && !document.getElementById(next.id)) next = next.nextElementSibling;
  if (next) document.getElementById(next.id).before(fresh);
  else (place.querySelector(`.${region.parentElement.className}`) ?? place).append(fresh);
}

function isAtWork(region) {
  return region.contains(document.activeElement) || typedIn(region).length > 0;
}

function typedIn(region) {
  const fields = [...region.querySelectorAll("textarea, input[type=text], input[type=radio], input[type=checkbox], select")];
  return fields.filter((field) => {
    if (field.type === "radio" || field.type === "checkbox") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((one) => one.selected !== one.defaultSelected) && field.selectedIndex > 0;
    return field.value !== field.defaultValue;
  });
}

// A text that was not sent before the room moved on stays on the page, to be copied.
function keepWhatWasTyped(old, region) {
  const texts = old && old.dataset.key !== region.dataset.key ? typedIn(old).filter((field) => field.tagName === "TEXTAREA") : [];
  for (const field of texts) {
    const kept = document.createElement("p");
    kept.className = "govuk-inset-text";
    kept.textContent = `Not sent before the room moved on: ${field.value}`;
    place.before(kept);
  }
}

function takeWhatWaits(force = false) {
  for (const [id, [region, html]] of [...waiting]) {
    const old = document.getElementById(id);
    if (!force && old?.contains(document.activeElement)) continue;
    waiting.delete(id);
    put(id, region, html, true);
  }
  moved && (moved.hidden = waiting.size === 0);
}

// The clock of the case: how many of its minutes are gone.
function tell() {
  for (const clock of document.querySelectorAll("[data-opened]")) {
    const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.opened)) / 60000));
    const words = `${minutes} of ${clock.dataset.minutes} minutes`;
    clock.classList.toggle("app-room__clock--over", minutes > Number(clock.dataset.minutes));
    if (clock.dataset.words !== words) [clock.dataset.words, clock.textContent] = [words, words];
  }
}
