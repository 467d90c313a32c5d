// What was typed survives a reload, a refusal, a sign-out and another person's badge: kept per form and per person.
// In sessionStorage, which dies with the window: names of patients must not stay in a browser's profile.

const person = document.body.dataset.user ?? "";
const draftKey = form => `draft ${person} ${form.dataset.draft}`;
const sentKey = `sent ${person}`;
const kept = field => field.name && !["hidden", "password", "submit", "file"].includes(field.type) && !field.dataset.noDraft;

function keepDraft(form) {
  const draft = {};
  for (const field of form.elements) {
    if (!kept(field)) continue;
    if (field.type === "radio" || field.type === "checkbox") { if (field.checked) (draft[field.name] ??= []).push(field.value); }
    else if (field.value) (draft[field.name] ??= []).push(field.value);
  }
  try { sessionStorage.setItem(draftKey(form), JSON.stringify(draft)); } catch { /* storage full or off: the page still works */ }
}

// Gives back only what is empty: a refusal's page already holds what was sent.
function restoreDraft(form) {
  let draft;
  try { draft = JSON.parse(sessionStorage.getItem(draftKey(form))); } catch { return; }
  if (!draft || one("[data-error]", form)) return;
  const used = {};
  for (const field of form.elements) {
    if (!kept(field) || !draft[field.name]) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = draft[field.name].includes(field.value);
    else {
      const place = used[field.name] = (used[field.name] ?? -1) + 1;
      if (!field.value && draft[field.name][place] !== undefined) field.value = draft[field.name][place];
    }
  }
}

function drafts() {
  const forms = all("form[data-draft]");
  const sent = sessionStorage.getItem(sentKey);
  if (sent && !one("form[action='/sign-in'], form[action^='/glass/']")) {
    // The form is gone from the page that answered: it was taken.
    if (!forms.some(form => draftKey(form) === sent)) sessionStorage.removeItem(sent);
    sessionStorage.removeItem(sentKey);
  }
  for (const form of forms) {
    restoreDraft(form);
    form.addEventListener("input", () => keepDraft(form));
    form.addEventListener("change", () => keepDraft(form));
    form.addEventListener("submit", () => { keepDraft(form); sessionStorage.setItem(sentKey, draftKey(form)); });
  }
}
try { drafts(); } catch { /* no storage: no drafts */ }
