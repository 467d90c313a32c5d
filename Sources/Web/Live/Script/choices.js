// Buttons that a letter presses, choices that others depend on, and printing right after an admission.

root.classList.add("js");

// One letter, where nobody is typing; the page of search has its own.
document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.key.length !== 1) return;
  if (typing(document.activeElement) || one("main form[role=search] input[type=search]")) return;
  const key = (digitOf(event.key) ?? event.key).toUpperCase();
  const chosen = one(`main [data-key="${CSS.escape(key)}"]`);
  if (chosen) { event.preventDefault(); chosen.click(); }
});

// Another unit has other beds.
document.addEventListener("change", async event => {
  const field = event.target;
  if (field.dataset?.refresh !== "bed" || !field.form) return;
  const address = new URL("/admissions/beds", location.href);
  address.searchParams.set("unit", field.value);
  const patient = field.form.elements.patient?.value;
  if (patient) address.searchParams.set("patient", patient);
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = one(".field", parsed(await answer.text()));
    const old = one("#bed", field.form)?.closest(".field");
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  } catch { say(words.lost); }
});

// Once: a reload does not print again.
if (one("[data-print]")) {
  const address = new URL(location.href);
  address.searchParams.delete("print");
  history.replaceState(null, "", address);
  setTimeout(() => print(), 400);
}
