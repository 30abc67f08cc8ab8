// A button that prints the page. Without this script it stays hidden, and the browser's own menu prints.
export function offerToPrint() {
  for (const button of document.querySelectorAll(".app-print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
