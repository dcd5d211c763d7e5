// Keys of a list of runs, and column widths that are remembered in this browser.
const widthsKey = "catchup.columns";

export function attach(root, dotnet) {
  const frame = root.querySelector(".run-table-frame");
  let known = "";

  function widths() {
    try {
      return JSON.parse(localStorage.getItem(widthsKey) ?? "{}");
    } catch {
      return {};
    }
  }

  function apply() {
    const kept = widths();
    for (const column of root.querySelectorAll("col[data-column]")) {
      const width = kept[column.dataset.column] ?? column.dataset.width;
      column.style.width = width ? `${width}px` : "";
    }
    pin();
  }

  // Where each pinned column sticks: behind the widths of those before it.
  function pin() {
    const heads = [...root.querySelectorAll("thead th")];
    let left = heads[0]?.offsetWidth ?? 0;
    heads.slice(1).filter((head) => head.classList.contains("pinned")).forEach((head, index) => {
      root.style.setProperty(`--pin-${index}`, `${left}px`);
      left += head.offsetWidth;
    });
  }

  function reveal(index) {
    const row = root.querySelector(`tr[data-index="${index}"]`);
    const any = root.querySelector("tr[data-index]");
    if (row) {
      row.scrollIntoView({ block: "nearest" });
    } else if (any) {
      frame.scrollTop = Math.max(0, (index - 3) * any.offsetHeight);
    }
  }

  async function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !["j", "k", "x", "c", "r", "Enter"].includes(event.key)) {
      return;
    }
    const target = event.target;
    if (target.isContentEditable || document.querySelector(".mud-dialog-container, .mud-popover-open")) {
      return;
    }
    const types = target.matches("input:not([type=checkbox]), textarea, select");
    const acts = event.key === "Enter" && target.closest("a, button, input, summary");
    if (types || acts) {
      return;
    }
    event.preventDefault();
    const index = await dotnet.invokeMethodAsync("KeyAsync", event.key);
    if (index >= 0) {
      requestAnimationFrame(() => reveal(index));
    }
  }

  function grab(event) {
    const handle = event.target.closest?.("[data-resize]");
    if (!handle) {
      return;
    }
    event.preventDefault();
    const name = handle.dataset.resize;
    const column = root.querySelector(`col[data-column="${CSS.escape(name)}"]`);
    const from = handle.parentElement.offsetWidth;
    const start = event.clientX;
    const move = (moved) => {
      column.style.width = `${Math.max(48, from + moved.clientX - start)}px`;
      pin();
    };
    const drop = () => {
      document.removeEventListener("pointermove", move);
      document.removeEventListener("pointerup", drop);
      localStorage.setItem(widthsKey, JSON.stringify({ ...widths(), [name]: parseInt(column.style.width, 10) }));
    };
    document.addEventListener("pointermove", move);
    document.addEventListener("pointerup", drop);
  }

  document.addEventListener("keydown", key);
  root.addEventListener("pointerdown", grab);
  const resized = new ResizeObserver(pin);
  resized.observe(root);
  apply();

  return {
    rendered() {
      const columns = [...root.querySelectorAll("col[data-column]")].map((column) => column.dataset.column).join(" ") + root.querySelectorAll("th.pinned").length;
      if (columns !== known) {
        known = columns;
        apply();
      }
    },
    dispose() {
      document.removeEventListener("keydown", key);
      root.removeEventListener("pointerdown", grab);
      resized.disconnect();
    },
  };
}
