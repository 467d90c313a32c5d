// The banner's clock and "il y a 23 min". The server's hour counts: a laptop's own clock may be wrong tonight.

const clock = one(".banner .clock");
const servedAt = Date.parse(clock?.getAttribute("datetime") ?? "");
const ahead = Number.isNaN(servedAt) ? 0 : servedAt - Date.now();
const zone = clock?.dataset.zone || "Europe/Paris";
const now = () => Date.now() + ahead;
const hourText = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: zone });

function ago(instant) {
  const minutes = Math.floor((now() - instant) / 60000);
  if (minutes < 1) return words.now;
  if (minutes < 60) return words.min(minutes);
  if (minutes < 48 * 60) return words.hour(Math.floor(minutes / 60), minutes % 60);
  return words.day(Math.floor(minutes / 1440));
}

function tick() {
  const face = one(".banner .clock");
  const text = hourText.format(now());
  if (face && face.textContent !== text) face.textContent = text;
  for (const time of all("time[data-ago]")) {
    const instant = Date.parse(time.getAttribute("datetime"));
    if (!Number.isNaN(instant) && instant <= now()) {
      const said = ago(instant);
      if (time.textContent !== said) time.textContent = said;
    }
  }
}
tick();
setInterval(tick, 1000);
