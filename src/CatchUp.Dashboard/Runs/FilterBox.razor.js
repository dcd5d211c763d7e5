// A filter's text: what may be written next, what is wrong with it, and when it is applied.
const lookAfter = 60;
const applyAfter = 100;

export function attach(root, dotnet, value) {
  const [input, list, problem] = [root.querySelector("input"), root.querySelector("ul"), root.querySelector(".filter-problem")];
  let looking = 0;
  let applying = 0;
  let asked = 0;
  let place = { from: 0, length: 0 };
  let active = -1;
  let closed = false;
  let drawnFor = null; // the text that the list was drawn for: what was typed since may have moved its place

  function show(text) {
    input.value = text;
    look();
    close();
  }

  function close() {
    closed = true;
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function mark(index) {
    const options = [...list.children];
    active = options.length === 0 || index < 0 ? -1 : index % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", at === active ? "true" : "false"));
    if (active >= 0) {
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    } else {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function draw(items) {
    list.replaceChildren(...items.map((item, index) => {
      const option = document.createElement("li");
      option.id = `run-filter-option-${index}`;
      option.role = "option";
      option.setAttribute("aria-selected", "false");
      option.append(Object.assign(document.createElement("code"), { textContent: item.text }), Object.assign(document.createElement("span"), { textContent: item.description }));
      option.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(item.text);
      });
      return option;
    }));
    active = -1;
    list.hidden = items.length === 0 || closed || document.activeElement !== input;
    input.setAttribute("aria-expanded", list.hidden ? "false" : "true");
  }

  function complain(text, wrong) {
    problem.hidden = !wrong;
    input.setAttribute("aria-invalid", wrong ? "true" : "false");
    problem.replaceChildren();
    if (wrong) {
      const code = document.createElement("code");
      const marked = Object.assign(document.createElement("mark"), { textContent: text.slice(wrong.position, wrong.position + wrong.length) || "‸" });
      code.append(text.slice(Math.max(0, wrong.position - 30), wrong.position), marked, text.slice(wrong.position + wrong.length, wrong.position + wrong.length + 30));
      problem.append(code, ` ${wrong.message}`);
    }
  }

  async function look() {
    const mine = ++asked;
    const text = input.value;
    const answer = await dotnet.invokeMethodAsync("LookAsync", text, input.selectionStart ?? text.length);
    if (mine === asked) {
      place = answer;
      drawnFor = text;
      draw(answer.items);
      complain(text, answer.problem);
    }
  }

  function typed() {
    // An empty box covers nothing until it is asked.
    closed = input.value === "";
    mark(-1);
    clearTimeout(looking);
    clearTimeout(applying);
    looking = setTimeout(look, lookAfter);
    applying = setTimeout(apply, applyAfter);
  }

  function apply() {
    clearTimeout(applying);
    dotnet.invokeMethodAsync("ApplyAsync", input.value);
  }

  function take(text) {
    const rest = input.value.slice(place.from + place.length);
    const opens = /[=[]$/.test(text);
    const spaced = opens || /^[\s\])(,]/.test(rest) || rest.startsWith("[") ? text : `${text} `;
    input.setRangeText(spaced, place.from, place.from + place.length, "end");
    typed();
    input.focus();
  }

  async function key(event) {
    const open = !list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      if (drawnFor !== input.value) {
        clearTimeout(looking);
        await look();
      }
      mark(event.key === "ArrowDown" ? active + 1 : (active < 1 ? list.children.length : active) - 1);
    } else if (open && active >= 0 && (event.key === "Enter" || event.key === "Tab")) {
      event.preventDefault();
      take(list.children[active].querySelector("code").textContent);
    } else if (event.key === "Enter") {
      close();
      apply();
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    } else if ((event.key === " " && event.ctrlKey) || event.key === "ArrowDown") {
      event.preventDefault();
      closed = false;
      look();
    }
  }

  input.addEventListener("input", typed);
  input.addEventListener("keydown", key);
  input.addEventListener("blur", close);
  input.value = value;
  input.readOnly = false;
  closed = true;
  look();

  return {
    show,
    dispose() {
      clearTimeout(looking);
      clearTimeout(applying);
    },
  };
}
