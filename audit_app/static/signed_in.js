// Somebody may have signed in again in another window: then this page needs the token of that session. Not if it is
// somebody else's.
import { person } from "./typed.js";

// Says whether whoever opened this page is signed in, and takes the token over. Fails without a connection.
export async function takeNewToken() {
  const response = await fetch(location.pathname, { redirect: "manual", cache: "no-store" });
  const page = new DOMParser().parseFromString(response.ok ? await response.text() : "", "text/html");
  const out = page.querySelector("form.app-header__form");
  if (out?.dataset.person !== person()) return false;
  const token = out.elements.csrf_token.value;
  document.querySelectorAll("[name=csrf_token]").forEach((field) => (field.value = token));
  return true;
}

// Shows the words with a link that leads to signing in and back to this page; elsewhere, where only this page has what was
// typed.
export function offerToSignIn(said, words, address, { isElsewhere = false } = {}) {
  const link = document.createElement("a");
  [link.href, link.className, link.textContent] = [address, "govuk-link", "Sign in again to save it"];
  if (isElsewhere) [link.target, link.textContent] = ["_blank", "Sign in again in a new tab, then come back here"];
  said.replaceChildren(words, link);
}
