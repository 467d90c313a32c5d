// Permanence: what JavaScript adds to pages that work without it. One module, made of the files of this folder.
// Nothing here decides anything: every act is a link or a form that the server also takes from a bare browser.

const root = document.documentElement;
const french = root.lang !== "en";
const words = french
  ? { waiting: n => `${n} changement${n > 1 ? "s" : ""} en attente`, lost: "Liaison coupée : la page n’est plus à jour",
      now: "à l’instant", min: n => `il y a ${n} min`, hour: (h, m) => `il y a ${h} h${m ? " " + String(m).padStart(2, "0") : ""}`,
      day: n => `il y a ${n} j` }
  : { waiting: n => `${n} change${n > 1 ? "s" : ""} waiting`, lost: "Connection lost: this page is no longer up to date",
      now: "just now", min: n => `${n} min ago`, hour: (h, m) => `${h} h${m ? " " + String(m).padStart(2, "0") : ""} ago`,
      day: n => `${n} d ago` };

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const typing = element => element?.matches?.("input:not([type=radio],[type=checkbox],[type=submit]), textarea, select, [contenteditable]");
const parsed = html => { const holder = document.createElement("template"); holder.innerHTML = html; return holder.content; };

// A screen reader hears what changed without losing its place.
function say(text) {
  let line = one("#said");
  if (!line) {
    line = document.createElement("p");
    line.id = "said"; line.className = "unseen"; line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.textContent = text;
}
