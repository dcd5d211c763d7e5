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
  return { read, keep, forget, dispose: () => document.removeEventListener("keydown", listen) };
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function keep(draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // Storage is full or forbidden: the draft lives as long as the page.
  }
}

function forget() {
  localStorage.removeItem(key);
}
