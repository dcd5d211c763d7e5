// When somebody last looked at the home page from this browser. An absence of half an hour begins a new look; reloading does not.
const lookedKey = "catchup.looked";
const sinceKey = "catchup.since";
const absence = 30 * 60 * 1000;

function look() {
  const now = Date.now();
  const looked = Number(localStorage.getItem(lookedKey)) || 0;
  let since = Number(localStorage.getItem(sinceKey)) || 0;
  if (looked && (now - looked > absence || !since)) {
    since = looked;
    localStorage.setItem(sinceKey, `${since}`);
  }
  localStorage.setItem(lookedKey, `${now}`);
  return since ? new Date(since).toISOString() : null;
}

export function attach(dotnet) {
  const shown = () => {
    if (document.visibilityState === "visible") {
      dotnet.invokeMethodAsync("LookedAsync", look());
    } else {
      localStorage.setItem(lookedKey, `${Date.now()}`);
    }
  };
  document.addEventListener("visibilitychange", shown);
  const timer = setInterval(() => document.visibilityState === "visible" && localStorage.setItem(lookedKey, `${Date.now()}`), 60_000);
  return {
    since: look,
    seen() {
      localStorage.setItem(lookedKey, `${Date.now()}`);
      localStorage.setItem(sinceKey, `${Date.now()}`);
    },
    dispose() {
      document.removeEventListener("visibilitychange", shown);
      clearInterval(timer);
      localStorage.setItem(lookedKey, `${Date.now()}`);
    },
  };
}
