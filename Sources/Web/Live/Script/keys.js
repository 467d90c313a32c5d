// Keys that hold on every page, and how a French keyboard and a scanner type.

// The digit row of a French keyboard without Shift.
const row = { "&": "1", "é": "2", '"': "3", "'": "4", "(": "5", "-": "6", "è": "7", "_": "8", "ç": "9", "à": "0" };
const digitOf = key => /^[0-9]$/.test(key) ? key : row[key];

// A word of nothing but that row is a number; "é" inside a name stays a letter. ":" is "/" without Shift.
function digitsRead(text) {
  return text.replace(/\S+/g, word => {
    const marks = [...word].filter(letter => letter in row).length;
    const foreign = [...word].some(letter => !(letter in row) && letter !== ":" && !/[0-9]/.test(letter));
    if (foreign || marks < 2) return word;
    return [...word].map(letter => letter === ":" ? "/" : row[letter] ?? letter).join("");
  });
}

// A hand scanner types faster than any hand and ends with Enter. A number, in one word; a birth date is never one,
// however fast it was typed.
const scan = { text: "", last: 0, slowest: 0 };
const birthDate = text => /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/.test(text);
function scanned() {
  const text = digitsRead(scan.text);
  return text.length >= 6 && scan.slowest < 35 && /^\S*\d\S*$/.test(text) && !birthDate(text);
}

function hearScan(event) {
  const time = event.timeStamp;
  if (event.key === "Enter") {
    const text = scanned() && time - scan.last < 100 ? digitsRead(scan.text) : null;
    scan.text = "";
    return text;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return null;
  if (event.repeat) { scan.text = ""; return null; }
  if (time - scan.last > 100) { scan.text = ""; scan.slowest = 0; }
  else scan.slowest = Math.max(scan.slowest, time - scan.last);
  scan.text += event.key;
  scan.last = time;
  return null;
}

// Another person's badge, scanned on any page: they go on where they are, and what was typed stays with whoever typed
// it. Posted: what a badge says must not stand in an address.
const badge = text => /^9911\d{36}$/.test(text);
// It says by itself what it is: forty digits that nobody types. So a machine that is busy may hear it slowly.
let lately = "";
function hearBadge(event) {
  if (event.key === "Enter") {
    const text = digitsRead(lately);
    lately = "";
    return badge(text) ? text : null;
  }
  if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) {
    lately = (lately + event.key).slice(-40);
  }
  return null;
}
function signInBy(content) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/sign-in";
  const here = location.pathname === "/sign-in" ? one("input[name=next]")?.value ?? "/" : location.pathname + location.search;
  for (const [name, value] of [["badge", content], ["next", here]]) {
    const field = document.createElement("input");
    field.type = "hidden"; field.name = name; field.value = value;
    form.append(field);
  }
  document.body.append(form);
  form.submit();
}

document.addEventListener("keydown", event => {
  // A scan opens that exact number or nothing: never the first of a list.
  const [number, person] = [hearScan(event), hearBadge(event)];
  const field = document.activeElement;
  if (person) {
    event.preventDefault();
    event.stopImmediatePropagation();
    signInBy(person);
    return;
  }
  const search = field?.matches?.("input[type=search]");
  if (number && (search || !typing(field))) {
    event.preventDefault();
    event.stopImmediatePropagation();
    location.assign(`/admissions?scan=${encodeURIComponent(number)}`);
    return;
  }
  if (event.key === "Enter" && event.ctrlKey) {
    const form = field?.form ?? one("form[data-ctrl-enter]") ?? one("main form[method=post]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
  }
  if (event.key === "Escape" && typing(field) && !field.value) field.blur();
}, true);

// A form sent twice by a nervous hand is sent once; the server also knows its command by its number.
document.addEventListener("submit", event => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
addEventListener("pageshow", () => { for (const form of all("form[data-sent]")) delete form.dataset.sent; });

// Choose by number: a click on whatever bears that key. Never while typing.
document.addEventListener("keydown", event => {
  if (event.defaultPrevented || typing(document.activeElement) || event.ctrlKey || event.altKey || event.metaKey) return;
  const chooser = one("[data-choose-by-number]");
  const digit = digitOf(event.key);
  if (!chooser || digit === undefined) return;
  chooser.dataset.typed = (performance.now() - (chooser.typedAt ?? 0) < 900 ? chooser.dataset.typed ?? "" : "") + digit;
  chooser.typedAt = performance.now();
  const choice = one(`input[data-number="${Number(chooser.dataset.typed)}"]`, chooser) ?? one(`input[data-number="${digit}"]`, chooser);
  if (choice) { event.preventDefault(); choice.checked = true; choice.focus(); choice.dispatchEvent(new Event("change", { bubbles: true })); }
});

document.addEventListener("input", event => {
  const field = event.target;
  if (!field.matches?.("input[type=search], input[data-digits]")) return;
  const read = digitsRead(field.value);
  if (read !== field.value) { const end = field.selectionEnd; field.value = read; field.setSelectionRange(end, end); }
}, true);

// A letter shown beside a link or a button presses it, while nobody types. On the board letters are for the bed chosen.
document.addEventListener("keydown", event => {
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
  const field = document.activeElement;
  if (typing(field) && !(event.key === "Escape" && field.matches("select"))) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const means = wanted => wanted.toUpperCase() === key.toUpperCase() || /^[0-9]$/.test(wanted) && wanted === digitOf(event.key);
  const pressed = all("main [data-press]").find(element => means(element.dataset.press));
  if (pressed) { event.preventDefault(); pressed.click(); }
});
