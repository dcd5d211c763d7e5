export function attach(area, gutter, dotnet, text) {
  let timer = 0;
  let lines = 0;
  let marked = new Set();

  function number(force) {
    const count = area.value.split("\n").length;
    if (count === lines && !force) {
      return;
    }
    lines = count;
    const spans = document.createDocumentFragment();
    for (let line = 1; line <= count; line++) {
      const span = document.createElement("span");
      span.textContent = marked.has(line) ? `● ${line}` : `${line}`;
      if (marked.has(line)) {
        span.className = "problem";
      }
      spans.append(span, "\n");
    }
    gutter.replaceChildren(spans);
  }

  function typed() {
    number(false);
    clearTimeout(timer);
    timer = setTimeout(() => dotnet.invokeMethodAsync("TypedAsync"), 250);
  }

  // Tab indents inside the text; Escape first, then Tab, leaves it: a keyboard must not be caught here.
  let escaped = false;
  function key(event) {
    if (event.key === "Escape") {
      escaped = true;
    } else if (event.key === "Tab" && !event.shiftKey && !escaped && !area.readOnly) {
      event.preventDefault();
      document.execCommand("insertText", false, "  ");
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !area.readOnly) {
      const before = area.value.slice(0, area.selectionStart);
      const current = before.slice(before.lastIndexOf("\n") + 1);
      const indent = current.match(/^ */)[0] + (current.trimEnd().endsWith(":") ? "  " : "");
      if (indent) {
        event.preventDefault();
        document.execCommand("insertText", false, "\n" + indent);
      }
    } else if (event.key !== "Tab") {
      escaped = false;
    }
  }

  function scrolled() {
    gutter.scrollTop = area.scrollTop;
  }

  area.addEventListener("input", typed);
  area.addEventListener("keydown", key);
  area.addEventListener("scroll", scrolled, { passive: true });
  area.value = text;
  number(true);

  return {
    text: () => new TextEncoder().encode(area.value),
    setText(value) {
      if (area.value !== value) {
        area.value = value;
        number(true);
        scrolled();
      }
    },
    mark(problems) {
      marked = new Set(problems);
      number(true);
    },
    goTo(line) {
      const all = area.value.split("\n");
      const at = all.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      area.focus();
      area.setSelectionRange(at, at + (all[line - 1] ?? "").length);
      const height = parseFloat(getComputedStyle(area).lineHeight) || 20;
      area.scrollTop = Math.max(0, (line - 4) * height);
      scrolled();
    },
    dispose() {
      clearTimeout(timer);
      area.removeEventListener("input", typed);
      area.removeEventListener("keydown", key);
      area.removeEventListener("scroll", scrolled);
    },
  };
}
