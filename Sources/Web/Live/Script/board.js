// The bed board by hand: arrows move, Enter opens, m s p + act, / filters. What is chosen is the patient, not the cell.

const chosen = () => board && one("a[aria-current]", board);

function choose(cell) {
  unchoose();
  cell.setAttribute("aria-current", "true");
  cell.focus();
  cell.scrollIntoView({ block: "nearest" });
  showFacts(cell);
}

function unchoose() {
  chosen()?.removeAttribute("aria-current");
  showFacts(null);
}

function showFacts(cell) {
  const line = one("#chosen");
  if (line) line.textContent = cell ? cell.title : "";
}

// The nearest cell in a direction, by where the eye sees it.
function neighbour(from, key) {
  const here = from.getBoundingClientRect();
  let best = null, least = Infinity;
  for (const cell of all("[data-board] li a", document)) {
    if (cell === from || !cell.offsetParent || getComputedStyle(cell).visibility === "hidden") continue;
    const there = cell.getBoundingClientRect();
    const across = there.left - here.left, down = there.top - here.top;
    const along = { ArrowRight: across, ArrowLeft: -across, ArrowDown: down, ArrowUp: -down }[key];
    const aside = key === "ArrowRight" || key === "ArrowLeft" ? Math.abs(down) : Math.abs(across);
    if (along < 4) continue;
    const distance = along + aside * 3;
    if (distance < least) { least = distance; best = cell; }
  }
  return best;
}

if (one(".board[data-board]")) {
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(document.activeElement)) { if (event.key === "Escape") document.activeElement.blur(); return; }
    const cell = chosen() ?? document.activeElement?.closest?.("[data-board] li a");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const unit = cell?.closest("[data-unit]")?.dataset.unit;
    const go = address => { event.preventDefault(); location.assign(address); };
    if (key.startsWith("Arrow")) {
      const next = cell ? neighbour(cell, key) : all("[data-board] li a").find(seen => getComputedStyle(seen).visibility !== "hidden");
      if (next) { event.preventDefault(); choose(next); }
    } else if (key === "Escape" && cell) {
      event.preventDefault(); unchoose(); cell.blur(); releaseWaiting();
    } else if (key === "/" || (key === ":" && french)) {
      event.preventDefault(); one("#filter")?.focus(); one("#filter")?.select();
    } else if (key === "+" || key === "=") go(`/beds/new${unit ? "?unit=" + encodeURIComponent(unit) : ""}`);
    else if (cell && key === "m") go(`${cell.pathname}/move${patientOf(cell)}`);
    else if (cell && key === "s") go(`${cell.pathname}/discharge${patientOf(cell)}`);
    else if (unit && key === "p") go(`/units/${encodeURIComponent(unit)}/print`);
  });
  board.addEventListener("click", event => { if (event.target.closest("li a")) releaseWaiting(); });
  document.addEventListener("click", event => { if (chosen() && !event.target.closest("[data-board], #waiting")) { unchoose(); releaseWaiting(); } });
}

// The stay goes along: if another patient has come to this bed meanwhile, the server says so and nothing is done.
const patientOf = cell => cell.dataset.patient ? `?stay=${encodeURIComponent(cell.dataset.patient)}` : "";
