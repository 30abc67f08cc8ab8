// Where the focus is once a page is shown. A browser that goes to a place inside a page takes the focus there, last of all.
export function whenShown(go) {
  const twice = () => requestAnimationFrame(() => requestAnimationFrame(go));
  if (document.readyState === "complete") twice();
  else addEventListener("load", twice);
}

// A form that posts to its own page keeps the place in the address, as "Skip to main content" or a link to a field left
// it: what the page answers would then be passed by.
export function keepFocusOnAnswer() {
  const errors = document.querySelector(".govuk-error-summary");
  const done = location.hash === "#main-content" && document.querySelector(".govuk-notification-banner[role=alert]");
  if (!location.hash || !(errors || done)) return;
  history.replaceState(history.state, "", location.pathname + location.search);
  whenShown(() => (errors || done).focus());
}
