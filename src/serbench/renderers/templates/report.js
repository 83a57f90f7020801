// Sorts a table by the column whose head is pressed, by the numbers as they are shown: what looks the same stays in its
// order. Without this script rows stand by typical time.
for (const table of document.querySelectorAll("table.results")) {
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[0].cells];
  const key = (row, column) => {
    const cell = row.cells[column];
    if (column === 0) return cell.textContent.trim();
    if (!cell || cell.matches(".missing, .reason")) return undefined;
    return Number(cell.firstChild.data.replace(/\s/g, "")); // thin spaces part thousands
  };
  const sort = (column, sign) => {
    const compare = (one, other) => {
      const [a, b] = [key(one, column), key(other, column)];
      if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
      return sign * (a < b ? -1 : Number(a > b));
    };
    body.append(...[...body.rows].sort(compare));
  };
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      sort(column, up ? 1 : -1);
    });
  });
}
