// Turns each heading with aria-sort in a table marked data-sortable into a button that sorts the rows already on the page.

export function makeTablesSortable(root = document) {
  for (const table of root.querySelectorAll("table[data-sortable]")) makeSortable(table);
}

function makeSortable(table) {
  const headings = [...table.querySelectorAll("thead th")];
  const status = document.createElement("div");
  status.className = "govuk-visually-hidden";
  status.setAttribute("role", "status");
  table.after(status);
  headings.forEach((heading, column) => {
    if (!heading.hasAttribute("aria-sort")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "app-sort";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const direction = heading.getAttribute("aria-sort") === "ascending" ? "descending" : "ascending";
      sortRows(table, column, direction);
      headings.filter((one) => one.hasAttribute("aria-sort")).forEach((one) => one.setAttribute("aria-sort", "none"));
      heading.setAttribute("aria-sort", direction);
      status.textContent = `Sorted by ${button.textContent.trim()}, ${direction}.`;
    });
  });
}

function sortRows(table, column, direction) {
  const sign = direction === "ascending" ? 1 : -1;
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => ({ row, value: valueOf(row.cells[column]) }));
  rows.sort((a, b) => sign * compare(a.value, b.value));
  body.append(...rows.map(({ row }) => row));
}

function valueOf(cell) {
  return cell.dataset.sortValue ?? cell.textContent.trim();
}

function compare(a, b) {
  const numbers = a !== "" && b !== "" && Number.isFinite(Number(a)) && Number.isFinite(Number(b));
  return numbers ? Number(a) - Number(b) : a.localeCompare(b, "en-GB", { numeric: true });
}
