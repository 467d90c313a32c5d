// Light, dark, or as the system says. Kept in a cookie so that the server sends the page already right.

document.addEventListener("click", event => {
  const button = event.target.closest("[data-theme-set]");
  if (!button) return;
  event.preventDefault();
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const theme = button.dataset.themeSet || (dark ? "light" : "dark");
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=strict${location.protocol === "https:" ? "; secure" : ""}`;
});
