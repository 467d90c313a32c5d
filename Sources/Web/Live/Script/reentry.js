// Ressaisie guidée: one key copies a value and goes on to the next; without a script it is selected by hand.

document.addEventListener("focusin", event => { if (event.target.matches?.("[data-copy]")) event.target.select(); });

document.addEventListener("keydown", event => {
  const field = document.activeElement;
  if (!field?.matches?.("[data-copy]") || event.ctrlKey || event.altKey || event.metaKey) return;
  const fields = all("[data-copy]");
  const place = fields.indexOf(field);
  const step = { Enter: 1, " ": 0, ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  event.preventDefault();
  if (!event.key.startsWith("Arrow")) {
    field.select();
    // At once, before the next value is chosen; and off this machine without TLS there is no other clipboard.
    if (!document.execCommand("copy")) navigator.clipboard?.writeText(field.value);
    field.dataset.copied = "yes";
    say(`${field.labels[0]?.textContent ?? ""}: ${field.value}`);
  }
  (fields[place + step] ?? one("#number") ?? one("#ipp"))?.focus();
});
