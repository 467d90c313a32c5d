// The emergency board by hand: arrows choose a patient, then one letter acts. While one is chosen nothing moves.

const emergency = one(".emergency[data-board]");

// The one link of each line; those to other hospitals are tags.
const rowLinks = () => all("tbody a:not(.tag)", emergency);

function chooseRow(link) {
  chosen()?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  link.focus();
  link.scrollIntoView({ block: "nearest" });
}

function waited() {
  for (const cell of all("[data-waited]", emergency)) {
    const minutes = Math.max(0, Math.floor((now() - Date.parse(cell.dataset.waited)) / 60000));
    const text = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    if (cell.textContent !== text) cell.textContent = text;
  }
}

// The same line but for the minutes that go by on both sides.
function isSameRow(old, fresh) {
  const [was, is] = [old.cloneNode(true), fresh.cloneNode(true)];
  was.classList.remove("glow");
  if (!was.className) was.removeAttribute("class");
  for (const cell of [...all("[data-waited]", was), ...all("[data-waited]", is)]) cell.textContent = "";
  return was.isEqualNode(is);
}

// Lines keep their nodes, so that focus and screen readers stay where they are.
function settleRows(old, fresh) {
  const list = one("[data-rows]", old), next = one("[data-rows]", fresh);
  if (!list || !next || !one("tr[id]", next)) { old.replaceWith(fresh); return; }
  const before = new Map([...list.children].map(row => [row.id, row]));
  const held = document.activeElement?.closest?.("tr")?.id;
  [...next.children].forEach((row, place) => {
    const was = before.get(row.id);
    before.delete(row.id);
    const same = was && isSameRow(was, row);
    const right = same ? was : row;
    if (list.children[place] !== right) list.insertBefore(right, list.children[place] ?? null);
    if (same) return;
    was?.remove();
    glow(row);
    if (held === row.id) one("a", row)?.focus({ preventScroll: true });
  });
  for (const gone of before.values()) gone.remove();
  waited();
}

if (emergency) {
  setInterval(waited, 1000);
  const release = () => { chosen()?.removeAttribute("aria-current"); releaseWaiting(); };
  document.addEventListener("click", event => { if (chosen() && !event.target.closest(".emergency, #waiting")) release(); });
  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (typing(document.activeElement)) return;
    const link = chosen() ?? document.activeElement?.closest?.(".emergency tbody a:not(.tag)");
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const go = address => { event.preventDefault(); location.assign(address); };
    const back = "?next=" + encodeURIComponent(location.pathname);
    if (key === "ArrowDown" || key === "ArrowUp") {
      const links = rowLinks();
      const place = link ? links.indexOf(link) + (key === "ArrowDown" ? 1 : -1) : 0;
      const next = links[Math.max(0, Math.min(place, links.length - 1))];
      if (next) { event.preventDefault(); chooseRow(next); }
    } else if (key === "Escape" && link) {
      event.preventDefault(); link.blur(); release();
    } else if (link?.dataset.announced && key === "a") {
      event.preventDefault();
      const form = one("#announced-here");
      form.action = `/emergency/announcements/${link.dataset.announced}/here`;
      form.requestSubmit();
    } else if (key === "t" && !link?.dataset.stay) {
      // Whoever is to be triaged next, where nobody is chosen.
      const next = one("tbody a[data-untriaged]", emergency);
      if (next) go(`${next.pathname}/triage${back}`);
    } else if (link?.dataset.stay) {
      if (key === "t") go(`${link.pathname}/triage${back}`);
      else if (key === "o") go(`${link.pathname}/orient`);
      else if (key === "s") go(`${link.pathname}/note${back}`);
      else if (key === "c") go(`${link.pathname}/assess${back}`);
      else if (key === "b") go(`/stays/${link.dataset.stay}/transfer${back}`);
      else if (key === "e" && link.dataset.labels) go(link.dataset.labels);
    }
  });
}
