// A classic script in the head, not a module: the theme is set before the first paint, so that a dark page does not flash.
(function () {
  const KEY = "understudy.theme";
  const root = document.documentElement;

  function apply(theme) {
    if (theme === "light" || theme === "dark") {
      root.dataset.theme = theme;
    } else {
      delete root.dataset.theme;
    }
  }

  apply(localStorage.getItem(KEY));
  document.addEventListener("DOMContentLoaded", () => {
    const select = document.getElementById("theme");
    select.value = root.dataset.theme || "system";
    select.addEventListener("change", () => {
      localStorage.setItem(KEY, select.value);
      apply(select.value);
    });
  });
})();
