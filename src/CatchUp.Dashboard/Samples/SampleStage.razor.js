// Draws two pictures of samples over the whole window: alone, side by side, flickering, or subtracted.
import { meanAbsolute, signed } from '../js/difference.js';

const still = matchMedia('(prefers-reduced-motion: reduce)');
const period = 500;
const gap = 16;

export function open(dialog, dotnet) {
  const canvas = dialog.querySelector('canvas');
  const frame = dialog.querySelector('.stage-frame');
  const shown = dialog.querySelector('[data-shown]');
  const result = dialog.querySelector('[data-result]');
  let timer = null;
  let current = 0;
  let turn = () => {};
  let redraw = () => {};

  // One picture pixel is so many screen pixels, whole ones.
  const zoomFor = (width, height) => Math.max(1, Math.floor(Math.min(frame.clientWidth / width, frame.clientHeight / height)));

  function paint(width, height, picture) {
    const zoom = zoomFor(width, height);
    canvas.width = width;
    canvas.height = height;
    canvas.style.width = `${width * zoom}px`;
    canvas.style.height = `${height * zoom}px`;
    picture(canvas.getContext('2d'));
  }

  const load = async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    return image;
  };

  const pixelsOf = image => {
    const hidden = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = hidden.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return context.getImageData(0, 0, image.naturalWidth, image.naturalHeight);
  };

  function stop() {
    clearInterval(timer);
    timer = null;
    turn = () => {};
  }

  const one = image => paint(image.naturalWidth, image.naturalHeight, context => context.drawImage(image, 0, 0));

  function beside(a, b) {
    const width = a.naturalWidth + b.naturalWidth + gap;
    paint(width, Math.max(a.naturalHeight, b.naturalHeight), context => {
      context.clearRect(0, 0, canvas.width, canvas.height);
      context.drawImage(a, 0, 0);
      context.drawImage(b, a.naturalWidth + gap, 0);
    });
  }

  function flicker(a, b) {
    let second = true;
    const show = () => {
      one(second ? b : a);
      shown.textContent = second ? 'B' : 'A';
    };
    turn = () => {
      second = !second;
      show();
    };
    show();
    redraw = show;
    // Whoever asked for less motion turns by key or button only.
    if (!still.matches) timer = setInterval(() => turn(), period);
  }

  function difference(a, b, gain) {
    const [first, second] = [pixelsOf(a), pixelsOf(b)];
    const picture = signed(first, second, gain);
    redraw = () => paint(picture.width, picture.height, context => context.putImageData(picture, 0, 0));
    redraw();
    const reach = Math.round(255 / gain);
    result.textContent = `B − A by channel: mid-grey is no difference, black −${reach} and white +${reach} of 255${gain > 1 ? ' or beyond' : ''}. Mean absolute difference ${meanAbsolute(first, second).toFixed(2)} of 255.`;
  }

  async function draw(aAddress, bAddress, look, gain) {
    const mine = ++current;
    stop();
    try {
      const [a, b] = await Promise.all([aAddress && look !== 'One' ? load(aAddress) : null, load(bAddress)]);
      if (mine !== current) return;
      shown.textContent = '';
      result.textContent = '';
      if (look === 'Beside') (redraw = () => beside(a, b))();
      else if (look === 'Flicker') flicker(a, b);
      else if (look === 'Difference') difference(a, b, gain);
      else (redraw = () => one(b))();
      dialog.dataset.drawn = look;
    } catch {
      if (mine === current) result.textContent = 'A picture could not be read. Its run may have been deleted; close this view and reload the page.';
    }
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === ' ' && !event.target.closest('button')) {
      event.preventDefault();
      turn();
    } else if (['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'f', 'd', 's', 'o'].includes(event.key)) {
      event.preventDefault();
      event.stopPropagation();
      dotnet.invokeMethodAsync('KeyAsync', event.key);
    }
  }

  const clicked = event => {
    if (event.target.closest('[data-turn]')) turn();
    // The browser gives the focus back to where it was; the page takes the view away.
    if (event.target.closest('.stage-close')) dialog.close();
  };
  const resized = new ResizeObserver(() => redraw());

  dialog.addEventListener('keydown', key);
  dialog.addEventListener('click', clicked);
  resized.observe(frame);
  if (!dialog.open) dialog.showModal();
  frame.focus();
  return {
    draw,
    dispose() {
      current++;
      stop();
      resized.disconnect();
      dialog.removeEventListener('keydown', key);
      dialog.removeEventListener('click', clicked);
      if (dialog.open) dialog.close();
    },
  };
}
