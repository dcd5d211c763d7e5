// Says which cell of a sample grid is under the pointer, and copies its identity at a click.
import { copy } from './shell.js';

export function probe(host) {
  const image = host.querySelector('img');
  const line = host.querySelector('[data-cell]');
  let said = null;

  const identityAt = event => {
    const box = image.getBoundingClientRect();
    const columns = Number(host.dataset.columns);
    const rows = Number(host.dataset.rows);
    const column = Math.min(columns - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * columns)));
    const row = Math.min(rows - 1, Math.max(0, Math.floor((event.clientY - box.top) / box.height * rows)));
    return `${host.dataset.identity} · noise ${row * columns + column}`;
  };
  // The text node stays the page's own; only its words change, and change back.
  const say = text => {
    if (text !== said && line.firstChild) line.firstChild.data = said = text;
  };

  image.addEventListener('pointermove', event => say(identityAt(event)));
  image.addEventListener('pointerleave', () => say(host.dataset.identity));
  image.addEventListener('click', async event => {
    const identity = identityAt(event);
    try {
      await copy(identity);
      say(`Copied: ${identity}`);
    } catch {
      say(identity);
    }
  });
  // The listeners go with the picture.
  return { dispose() { } };
}
