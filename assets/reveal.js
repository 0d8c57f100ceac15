// "Show" beside a password: what was typed stays. A form is sent with the field hidden again, so that a browser and a
// password manager take it for what it is. Also of the plain pages, which React never sees.
if (typeof document !== "undefined") {
  const reveal = (button, shown) => {
    document.getElementById(button.dataset.reveals).type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", shown);
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveals]");
    if (button) reveal(button, button.getAttribute("aria-pressed") !== "true");
  });
  const hide = (event) => event.target.querySelectorAll("[data-reveals]").forEach((button) => reveal(button, false));
  document.addEventListener("submit", hide, true);
}
