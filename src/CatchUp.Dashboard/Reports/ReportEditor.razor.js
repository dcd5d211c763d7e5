// The text lives here while it is being typed; what is not saved is kept in this browser.
const place = key => `catchup.report.${key}`;

function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(place(key)));
  } catch {
    return null;
  }
}

export function download(address) {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}

export function attach(area, dotnet, text, key, version) {
  let timer = 0;
  const found = kept(key);

  function keep() {
    try {
      const title = document.getElementById("report-title")?.value ?? "";
      localStorage.setItem(place(key), JSON.stringify({ title, text: area.value, version, at: new Date().toISOString() }));
    } catch {
      // No room, or not allowed: the warning at leaving the page remains.
    }
  }

  function typed() {
    keep();
    clearTimeout(timer);
    timer = setTimeout(() => dotnet.invokeMethodAsync("TypedAsync"), 300);
  }

  function pressed(event) {
    if (event.key.toLowerCase() === "s" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      event.preventDefault();
      dotnet.invokeMethodAsync("SaveAsync");
    }
  }

  area.addEventListener("input", typed);
  document.addEventListener("keydown", pressed);
  area.value = text;
  area.readOnly = false;

  return {
    kept: () => found,
    text: () => new TextEncoder().encode(area.value),
    setText(value) {
      if (area.value !== value) {
        const [from, scroll] = [area.selectionStart, area.scrollTop];
        area.value = value;
        area.setSelectionRange(from, from);
        area.scrollTop = scroll;
      }
    },
    insert(value) {
      const before = area.value.slice(0, area.selectionStart);
      const after = area.value.slice(area.selectionEnd);
      const lead = before.length === 0 || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
      const tail = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
      area.focus();
      // Through the browser's own editing, so that it can be undone.
      if (!document.execCommand("insertText", false, lead + value + tail)) {
        area.value = before + lead + value + tail + after;
      }
      keep();
    },
    goTo(line) {
      const all = area.value.split("\n");
      const at = all.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(at, at + (all[line - 1] ?? "").length);
      // Lines are wrapped, so their number says only about where they are.
      area.scrollTop = Math.max(0, area.scrollHeight * (at / Math.max(1, area.value.length)) - area.clientHeight / 3);
    },
    about(newKey, newVersion) {
      [key, version] = [newKey, newVersion];
    },
    saved(stored) {
      if (area.value === stored) localStorage.removeItem(place(key));
    },
    forget() {
      clearTimeout(timer);
      localStorage.removeItem(place(key));
    },
    dispose() {
      clearTimeout(timer);
      area.removeEventListener("input", typed);
      document.removeEventListener("keydown", pressed);
    },
  };
}
