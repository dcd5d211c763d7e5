// The unsaved draft lives in this browser; Ctrl+Enter launches from anywhere on the page.
const key = "catchup.draft";

export function attach(dotnet) {
  const listen = (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !document.querySelector(".mud-dialog-container")) {
      event.preventDefault();
      dotnet.invokeMethodAsync("LaunchFromKeyboardAsync");
    }
  };
  document.addEventListener("keydown", listen);
  return { dispose: () => document.removeEventListener("keydown", listen) };
}

export function read() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

export function keep(draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}

export function forget() {
  localStorage.removeItem(key);
}
