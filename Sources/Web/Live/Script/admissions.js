// Admissions: typing always goes to the search field and filters at once; digits, N and X act only once ↓ or Tab has
// left it, because people type 12031961, NGUYEN and XAVIER.

const field = one("main form[role=search] input[type=search]");
if (field && one("#results")) {
  const results = () => one("#results");
  const choices = () => all("[data-key]", results());
  let wait, asked;

  async function filter() {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(field.form.action || location.href);
    address.search = new URLSearchParams(new FormData(field.form));
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html", "X-Fragment": "results" }, signal: asked.signal });
      if (answer.redirected && new URL(answer.url).pathname === "/sign-in") { location.assign(answer.url); return; }
      const found = one("#results", parsed(await answer.text()));
      if (!found) return;
      results().replaceWith(document.adoptNode(found));
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") say(words.lost);
    }
  }

  field.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(filter, 90); });

  function step(by) {
    const list = choices();
    const place = list.indexOf(document.activeElement) + by;
    if (place < 0) { field.focus(); return; }
    list[Math.min(place, list.length - 1)]?.focus();
  }

  document.addEventListener("keydown", event => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const active = document.activeElement;
    if (active === field) {
      if (event.key === "ArrowDown") { event.preventDefault(); step(1); }
      return;
    }
    if (typing(active)) return;
    const inside = results().contains(active);
    if (inside && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      step(event.key === "ArrowDown" ? 1 : -1);
      return;
    }
    if (event.key.length !== 1 || event.key === " ") return;
    const key = digitOf(event.key) ?? event.key.toUpperCase();
    const chosen = inside && one(`[data-key="${CSS.escape(key)}"]`, results());
    event.preventDefault();
    if (chosen) { chosen.click(); return; }
    field.focus();
    field.setRangeText(event.key, field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
