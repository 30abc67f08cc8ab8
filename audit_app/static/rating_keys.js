// Answering without a mouse: a key for each level, and the way to the next question that lacks an answer.
import { whenShown } from "./focus.js";

const OTHERS = { n: "not_applicable", f: "no_evidence" };
let last = null; // the question that somebody was at

export function useKeys(form, next) {
  form.addEventListener("focusin", (event) => (last = event.target.closest("[data-indicator]") ?? last));
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      next.click();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && event.target.matches("input[type=radio]")) {
      const wanted = radioOf(event.target.closest("[data-indicator]"), event.key.toLowerCase());
      if (!wanted) return;
      event.preventDefault();
      wanted.focus();
      wanted.click();
    }
  });
  const asked = document.getElementById(location.hash.slice(1));
  if (form.contains(asked)) whenShown(() => form.contains(document.activeElement) || enter(asked));
}

function radioOf(section, key) {
  const radios = [...section.querySelectorAll('[name^="answer-"]')];
  const levels = radios.filter((radio) => /^\d+$/.test(radio.value));
  return /^[1-9]$/.test(key) ? levels[key - 1] : radios.find((radio) => radio.value === OTHERS[key]);
}

// To the next question on this page that lacks something, seen from where one is. Says whether there was one.
export function goToNext(form) {
  const sections = [...form.querySelectorAll("[data-indicator]")];
  const next = sections.slice(sections.indexOf(last) + 1).find(placeOfGap);
  if (next) enter(next);
  return Boolean(next);
}

function enter(section) {
  section.scrollIntoView({ block: "start" });
  const place = placeOfGap(section) ?? section.querySelector('[name^="answer-"]');
  place.focus({ preventScroll: place.type === "radio" });
}

// The field in which an answer lacks something, as rules.gap_in says it; null where it lacks nothing.
function placeOfGap(section) {
  const chosen = section.querySelector('[name^="answer-"]:checked');
  if (!chosen) return section.querySelector('[name^="answer-"]');
  if (chosen.value === "no_evidence") return null;
  const field = section.querySelector(`[name^="${chosen.value === "not_applicable" ? "reason" : "evidence"}-"]`);
  return field.value.trim() ? null : field;
}
