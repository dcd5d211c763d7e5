// Keys of a matrix of samples, and what is under the pointer. The cells' own clicks are the page's.
const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export function attach(table, dotnet) {
  const line = table.closest('.matrix-side')?.querySelector('[data-hover]');
  const hint = line?.textContent;
  let said = null;

  // The text node stays the page's own; only its words change, and change back.
  const say = text => {
    if (line?.firstChild && text !== said) line.firstChild.data = said = text;
  };

  function neighbour(button, [right, down]) {
    const rows = [...table.tBodies[0].rows];
    const cell = button.closest('td');
    let row = rows.indexOf(cell.parentElement) + down;
    let column = cell.cellIndex + right;
    while (row >= 0 && row < rows.length && column >= 1 && column < rows[row].cells.length) {
      const next = rows[row].cells[column].querySelector('.matrix-cell');
      if (next) return next;
      row += down;
      column += right;
    }
    return null;
  }

  function key(event) {
    const button = event.target.closest('.matrix-cell');
    if (!button || event.ctrlKey || event.metaKey || event.altKey) return;
    if (ways[event.key]) {
      event.preventDefault();
      neighbour(button, ways[event.key])?.focus();
    } else if (['Enter', 'f', 'd', 'a'].includes(event.key)) {
      event.preventDefault();
      dotnet.invokeMethodAsync('KeyAsync', event.key, Number(button.dataset.sample));
    }
  }

  function focused(event) {
    const button = event.target.closest('.matrix-cell');
    if (!button) return;
    for (const other of table.querySelectorAll('.matrix-cell[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    say(button.dataset.identity);
  }

  function hovered(event) {
    const button = event.target.closest('.matrix-cell');
    const image = button?.querySelector('img');
    if (!image) return;
    const box = image.getBoundingClientRect();
    const place = (at, size, count) => Math.min(count - 1, Math.max(0, Math.floor(at / size * count)));
    const column = place(event.clientX - box.left, box.width, Number(button.dataset.columns));
    const row = place(event.clientY - box.top, box.height, Number(button.dataset.rows));
    say(`${button.dataset.identity} · noise ${row * Number(button.dataset.columns) + column}`);
  }

  const left = () => say(hint);
  table.addEventListener('keydown', key);
  table.addEventListener('focusin', focused);
  table.addEventListener('pointermove', hovered);
  table.addEventListener('pointerleave', left);
  return {
    reveal() {
      table.closest('.matrix-layout')?.querySelector('.cell-panel')?.scrollIntoView({ block: 'nearest' });
    },
    dispose() {
      table.removeEventListener('keydown', key);
      table.removeEventListener('focusin', focused);
      table.removeEventListener('pointermove', hovered);
      table.removeEventListener('pointerleave', left);
    },
  };
}
