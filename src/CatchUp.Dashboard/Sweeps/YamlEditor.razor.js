// Bytes: more than a sweep file can have, so that one that is too large is still refused in words.
const most = 1_000_000;

export function attach(area, gutter, dotnet, text, list, help) {
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
    ask(false);
    clearTimeout(timer);
    timer = setTimeout(() => dotnet.invokeMethodAsync("TypedAsync"), 250);
  }

  // Tab indents inside the text; Escape first, then Tab, leaves it: a keyboard must not be caught here.
  let escaped = false;
  function key(event) {
    if (chosen(event)) {
      event.preventDefault();
      return;
    }
    if (event.key === "Escape") {
      escaped = true;
    } else if (event.key === "Tab" && !event.shiftKey && !escaped) {
      event.preventDefault();
      document.execCommand("insertText", false, "  ");
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
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
    close();
  }

  // Completion: the server is told the line and those it stands below, and never the whole text.
  let items = [];
  let active = -1;
  let from = 0;
  let asked = 0;
  let asking = 0;

  function place() {
    const before = area.value.slice(0, area.selectionStart);
    const start = before.lastIndexOf("\n") + 1;
    const rest = area.value.indexOf("\n", start);
    const line = area.value.slice(start, rest < 0 ? area.value.length : rest);
    const above = [];
    let indent = line.trim() ? line.search(/[^ ]/) : before.length - start;
    // An item of a list may stand no deeper than its key.
    let item = line.trimStart().startsWith("-");
    let end = start - 1;
    for (let looked = 0; end > 0 && (indent > 0 || item) && looked < 5000 && above.length < 16; looked++) {
      const from = area.value.lastIndexOf("\n", end - 1) + 1;
      const one = area.value.slice(from, end);
      end = from - 1;
      const at = one.search(/[^ ]/);
      if (at < 0 || one[at] === "#") {
        continue;
      }
      const isItem = one[at] === "-";
      if (at < indent || (item && at === indent && !isItem)) {
        above.unshift(one.slice(0, 2000));
        indent = at;
        item = isItem;
      }
    }
    return { above, line: line.slice(0, 2000), column: Math.min(before.length - start, 2000), row: before.split("\n").length - 1 };
  }

  function ask(wanted) {
    clearTimeout(asking);
    const turn = ++asked;
    asking = setTimeout(async () => {
      const where = place();
      const found = await dotnet.invokeMethodAsync("Complete", where.above, where.line, where.column);
      if (turn !== asked || document.activeElement !== area) {
        return;
      }
      explain(found);
      const word = where.line.slice(found.from, where.column);
      const done = found.items.length === 1 && found.items[0].text === word;
      if (wanted || (wanted === false && word.length > 0 && !done)) {
        open(found, where, wanted);
      } else {
        close();
      }
    }, wanted ? 0 : 90);
  }

  function explain(found) {
    if (found.key) {
      const code = document.createElement("code");
      code.textContent = found.key;
      help.replaceChildren(code, ` ${found.help}`);
    }
  }

  function open(found, where, wanted) {
    items = found.items;
    from = found.from;
    if (items.length === 0) {
      close();
      return;
    }
    list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      const name = document.createElement("code");
      name.textContent = item.text;
      const about = document.createElement("span");
      about.textContent = item.description;
      option.append(name, about);
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        accept(index);
      });
      return option;
    }));
    const style = getComputedStyle(area);
    const height = parseFloat(style.lineHeight) || 20;
    const measure = document.createElement("canvas").getContext("2d");
    measure.font = style.font;
    const width = measure.measureText("0").width;
    const left = area.offsetLeft + parseFloat(style.paddingLeft) + from * width - area.scrollLeft;
    list.hidden = false;
    const top = parseFloat(style.paddingTop) + (where.row + 1) * height - area.scrollTop;
    const fits = top + list.offsetHeight < area.offsetHeight || top < list.offsetHeight;
    list.style.top = `${fits ? top : top - height - list.offsetHeight}px`;
    list.style.left = `${Math.max(0, Math.min(left, area.offsetLeft + area.offsetWidth - list.offsetWidth - 8))}px`;
    select(wanted ? 0 : -1);
  }

  function select(index) {
    active = index;
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", at === index ? "true" : "false"));
    if (index < 0) {
      area.removeAttribute("aria-activedescendant");
    } else {
      area.setAttribute("aria-activedescendant", `${list.id}-${index}`);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function close() {
    if (!list.hidden) {
      list.hidden = true;
      items = [];
      active = -1;
      area.removeAttribute("aria-activedescendant");
    }
  }

  function accept(index) {
    const item = items[index];
    const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1 + from;
    let end = area.selectionStart;
    while (end < area.value.length && /[\w.-]/.test(area.value[end])) {
      end++;
    }
    // What stands behind a key already is not written again.
    const insert = /: ?$/.test(item.insert) && area.value[end] === ":" ? item.text : item.insert;
    close();
    area.focus();
    area.setSelectionRange(start, end);
    document.execCommand("insertText", false, insert);
    close();
    if (insert.endsWith(": ")) {
      ask(true);
    }
  }

  /** Whether the key was one for the list of completions. */
  function chosen(event) {
    if (event.key === " " && event.ctrlKey) {
      ask(true);
      return true;
    }
    if (list.hidden) {
      return false;
    }
    switch (event.key) {
      case "ArrowDown":
        select((active + 1) % items.length);
        return true;
      case "ArrowUp":
        select((active + items.length - 1) % items.length);
        return true;
      case "Escape":
        close();
        return true;
      case "Tab":
        if (event.shiftKey) {
          return false;
        }
        accept(Math.max(active, 0));
        return true;
      case "Enter":
        if (active < 0 || event.ctrlKey || event.metaKey) {
          close();
          return false;
        }
        accept(active);
        return true;
      default:
        return false;
    }
  }

  function moved(event) {
    if (event.type === "click" || /^(Arrow|Home|End|Page)/.test(event.key) && list.hidden) {
      close();
      ask(null);
    }
  }

  area.addEventListener("input", typed);
  area.addEventListener("keydown", key);
  area.addEventListener("scroll", scrolled, { passive: true });
  area.addEventListener("keyup", moved);
  area.addEventListener("click", moved);
  area.addEventListener("blur", close);
  area.value = text;
  area.readOnly = false;
  number(true);

  return {
    text: () => new TextEncoder().encode(area.value).slice(0, most),
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
      clearTimeout(asking);
      asked++;
      area.removeEventListener("keyup", moved);
      area.removeEventListener("click", moved);
      area.removeEventListener("blur", close);
      area.removeEventListener("input", typed);
      area.removeEventListener("keydown", key);
      area.removeEventListener("scroll", scrolled);
    },
  };
}
