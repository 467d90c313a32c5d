// Changes as they happen. The server renders a unit once and tells everyone; here only what differs is replaced.

const board = one("[data-board]");
const stream = board?.dataset.board || document.body.dataset.events;
// What changed between the rendering of this page and the first connection is sent too.
let after = board?.dataset.after || document.body.dataset.eventsAfter;
let source, waiting = new Map(), lostTimer;

const frozen = () => board && one("a[aria-current]", board);

// Only what is just put into the page: its animation begins by itself, without laying out the whole board first.
function glow(element) {
  element.classList.add("glow");
  setTimeout(() => element.classList.remove("glow"), 2000);
}

// Replaces what changed inside `old`, cell by cell, so that focus, scrolling and screen readers stay where they are.
function settle(old, fresh) {
  for (const part of ["header", "svg", ".spare"]) {
    const [was, is] = [one(part, old), one(part, fresh)];
    if (was && is && !was.isEqualNode(is)) was.replaceWith(is);
  }
  const list = one("ul", old), next = one("ul", fresh);
  if (!list || !next) { old.replaceWith(fresh); return; }
  const before = new Map(all("li", list).map(cell => [cell.id, cell]));
  const held = document.activeElement?.closest?.("li")?.id;
  [...next.children].forEach((cell, place) => {
    const was = before.get(cell.id);
    before.delete(cell.id);
    const [face, bed] = [was && one(".bed", was), one(".bed", cell)];
    const same = face && face.className.replace(" glow", "") === bed.className && face.title === bed.title
      && face.dataset.patient === bed.dataset.patient && was.textContent === cell.textContent;
    const right = same ? was : cell;
    // What stands where it should is not touched: moving it would take the focus away.
    if (list.children[place] !== right) list.insertBefore(right, list.children[place] ?? null);
    if (same) return;
    was?.remove();
    glow(bed);
    if (held === cell.id) bed.focus({ preventScroll: true });
  });
  for (const gone of before.values()) gone.remove();
}

function takeUnit(html) {
  const fresh = parsed(html).firstElementChild;
  const old = fresh && document.getElementById(fresh.id);
  if (!old) return;
  // While a bed is chosen nothing moves under the hand.
  if (frozen()) { waiting.set(fresh.id, html); showWaiting(); return; }
  if (one("[data-rows]", fresh)) settleRows(old, fresh); else settle(old, fresh);
}

function showWaiting() {
  const line = one("#waiting");
  if (!line) return;
  line.hidden = waiting.size === 0;
  line.textContent = waiting.size ? words.waiting(waiting.size) : "";
}

function releaseWaiting() {
  const units = [...waiting.values()];
  waiting.clear();
  showWaiting();
  units.forEach(takeUnit);
}
one("#waiting")?.addEventListener("click", () => { unchoose(); releaseWaiting(); });

// The whole state again: after a pause, a lost connection, or when this browser was too slow to follow.
async function reloadState() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) { location.reload(); return; }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const banner = one(".banner", page);
    if (banner) one(".banner")?.replaceWith(document.adoptNode(banner));
    for (const unit of all("[data-board] > [id]", page)) takeUnit(unit.outerHTML);
    for (const fresh of all("[data-live][id]", page)) {
      const old = document.getElementById(fresh.id);
      if (old && !old.contains(document.activeElement) && !old.isEqualNode(fresh)) { old.replaceWith(document.adoptNode(fresh)); glow(fresh); }
    }
    const counts = one("h1 small", page);
    if (board && counts) one("h1 small")?.replaceWith(document.adoptNode(counts));
    tick();
  } catch { showLost(true); }
}

function showLost(lost) {
  clearTimeout(lostTimer);
  if (!lost) { root.removeAttribute("data-lost"); return; }
  // A blip is not worth a fright.
  lostTimer = setTimeout(() => { root.dataset.lost = words.lost; say(words.lost); }, 2000);
}

function listen() {
  if (!stream || source) return;
  const address = new URL(stream, location.href);
  if (after) address.searchParams.set("after", after);
  after = null;
  source = new EventSource(address);
  source.addEventListener("unit", event => takeUnit(event.data));
  source.addEventListener("counts", event => { const small = one("h1 small"); if (small) small.textContent = event.data; });
  source.addEventListener("banner", event => { const old = one(".banner"), fresh = parsed(event.data).firstElementChild; if (old && fresh && !old.isEqualNode(fresh)) { old.replaceWith(fresh); tick(); } });
  source.addEventListener("change", event => {
    const said = new Set(event.data.split(" "));
    if (all("[data-live]").some(element => element.dataset.live.split(" ").some(name => said.has(name)))) reloadState();
  });
  source.addEventListener("reload", reloadState);
  source.addEventListener("open", () => showLost(false));
  source.addEventListener("error", () => {
    showLost(true);
    // A closed source never comes back by itself; where its person was signed out, the page asks who is there.
    if (source?.readyState === EventSource.CLOSED) { source = null; setTimeout(() => { listen(); reloadState(); }, 5000); }
  });
}

// A browser grants six connections to a server, all tabs together: a hidden tab gives its own back.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { source?.close(); source = null; }
  else if (!source) { after = null; listen(); reloadState(); }
});
addEventListener("pagehide", () => { source?.close(); source = null; });
if (!document.hidden) listen();
