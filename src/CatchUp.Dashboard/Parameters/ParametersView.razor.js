// Parallel coordinates, a scatter plot and slices of the same runs, which are chosen in the first and seen in all. Everything is drawn on
// canvases, so whatever runs and values are called stays text.
import { formatTick, linearTicks } from '../js/charts/numbers.js';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';
const SERIES = 8;
// Cividis (Nuñez, Anderton and Renslow 2018): its lightness alone orders it, also for colour-blind eyes.
const CIVIDIS = [[0, 32, 76], [33, 61, 107], [85, 91, 108], [123, 122, 119], [165, 156, 116], [211, 192, 100], [255, 233, 69]];
// So many lines are drawn while the pointer moves, and so many between two frames otherwise.
const MOVING = 1200;
const AT_ONCE = 1500;
const SLICE_POINTS = 2000;

const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const isDark = () => document.documentElement.dataset.theme === 'dark';

// 0 is the best run's colour, the one farthest from the background.
function shade(rank, alpha = 1) {
  const place = (isDark() ? 1 - 0.72 * rank : 0.86 * rank) * (CIVIDIS.length - 1);
  const index = Math.min(CIVIDIS.length - 2, Math.floor(place));
  const part = place - index;
  const [r, g, b] = CIVIDIS[index].map((value, channel) => Math.round(value + (CIVIDIS[index + 1][channel] - value) * part));
  return `rgba(${r}, ${g}, ${b}, ${alpha})`;
}

function ticksOf(column, room) {
  const { low, high, kind } = column;
  if (!(high > low)) return [low];
  if (column.few && apart(column, 14 / room)) return column.few;
  const count = Math.max(2, Math.min(6, Math.floor(room / 34)));
  if (kind === 'log') {
    const ticks = [];
    const digits = Math.log10(high / low) > count ? [1] : [1, 2, 5];
    for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
      for (const digit of digits) {
        const tick = Number(`${digit}e${power}`);
        if (tick >= low * 0.999 && tick <= high * 1.001) ticks.push(tick);
      }
    }
    if (ticks.length >= 2) {
      const every = Math.ceil(ticks.length / count);
      return ticks.filter((_, index) => index % every === 0);
    }
  }
  return linearTicks(low, high, count);
}

// All values, where they are so few that each can be a tick.
function fewOf(data) {
  const values = new Set();
  for (const value of data) {
    if (!Number.isNaN(value)) values.add(value);
    if (values.size > 7) return null;
  }
  return [...values].sort((a, b) => a - b);
}

// Whether no two ticks stand on each other.
const apart = (column, least) => column.few.every((value, index) => index === 0 || place(column, value) - place(column, column.few[index - 1]) >= least);

// Where a value stands between the ends of its axis, 0 to 1.
function place(column, value) {
  const { low, high, kind } = column;
  if (!(high > low)) return 0.5;
  return kind === 'log' ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

const valueAt = ({ low, high, kind }, part) => kind === 'log' ? low * (high / low) ** part : low + (high - low) * part;

function shorten(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let end = text.length;
  while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
  return `${text.slice(0, end)}…`;
}

function canvasOf(host, layer) {
  let canvas = host.querySelector(`canvas[data-layer="${layer}"]`);
  if (!canvas) {
    canvas = document.createElement('canvas');
    canvas.dataset.layer = layer;
    host.appendChild(canvas);
  }
  return canvas;
}

// Sizes a canvas to its place and answers its context, in pixels of the page.
function prepare(canvas, width, height) {
  const ratio = Math.min(2, devicePixelRatio || 1);
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

function write(context, text, x, y, align = 'left', size = 11, colour = '--muted') {
  context.font = `${size}px ${FONT}`;
  context.textAlign = align;
  context.textBaseline = 'middle';
  context.lineWidth = 3;
  context.lineJoin = 'round';
  context.strokeStyle = variable('--surface');
  context.strokeText(text, x, y);
  context.fillStyle = variable(colour);
  context.fillText(text, x, y);
}

class Charts {
  constructor(root, page) {
    this.root = root;
    this.page = page;
    this.columns = [];
    this.count = 0;
    this.view = null;
    this.told = new Map();
    this.jobs = { base: 0, top: 0 };
    this.onTheme = () => this.draw();
    document.addEventListener('catchup:theme', this.onTheme);
    this.resize = new ResizeObserver(() => {
      if (this.root.clientWidth === this.width) return;
      this.width = this.root.clientWidth;
      this.draw();
    });
    this.resize.observe(root);
  }

  // bytes: all places as float64, column by column.
  load(shape, bytes) {
    const numbers = new Float64Array(bytes.slice().buffer);
    this.count = shape.count;
    this.columns = shape.columns.map((column, index) => {
      const data = numbers.subarray(index * shape.count, (index + 1) * shape.count);
      return { ...column, data, few: index === shape.value ? null : fewOf(data) };
    });
    this.value = shape.value;
    this.better = shape.largerIsBetter ? -1 : 1;
    this.told.clear();
    this.behind = null;
    const costs = this.columns.length > 0 ? this.columns[this.value].data : new Float64Array(0);
    // The worst first, so that the best lie on top.
    this.order = Uint32Array.from({ length: this.count }, (_, run) => run).sort((a, b) => this.better * (costs[b] - costs[a]) || b - a);
    this.rank = new Float32Array(this.count);
    this.order.forEach((run, index) => { this.rank[run] = this.count > 1 ? 1 - index / (this.count - 1) : 0; });
    this.view = null;
  }

  look(view) {
    this.view = view;
    this.brush = view.brush.map(part => ({ ...part, set: part.values ? new Set(part.values) : null }));
    this.draw();
  }

  dispose() {
    document.removeEventListener('catchup:theme', this.onTheme);
    this.resize.disconnect();
    this.jobs.base++;
    this.jobs.top++;
    this.view = null;
  }

  draw() {
    if (!this.view || this.columns.length === 0) return;
    this.chosen = this.mask();
    this.drawParallel();
    this.drawScatter();
    this.drawSlices();
  }

  mask() {
    const mask = new Uint8Array(this.count).fill(1);
    for (const { column, from, to, set } of this.brush) {
      const { data } = this.columns[column];
      for (let run = 0; run < this.count; run++) {
        const value = data[run];
        if (set ? !set.has(value) : !(value >= (from ?? -Infinity) && value <= (to ?? Infinity))) mask[run] = 0;
      }
    }
    return mask;
  }

  // Parallel coordinates

  drawParallel() {
    const host = this.root.querySelector('[data-parallel]');
    if (!host) return;
    const axes = this.view.axes;
    const width = Math.max(host.parentElement.clientWidth, axes.length * 76);
    const height = host.clientHeight;
    host.style.width = `${width}px`;
    const [left, right, top, bottom] = [28, 76, 46, 34];
    const gap = axes.length > 1 ? (width - left - right) / (axes.length - 1) : 0;
    this.frame = { host, width, height, top, bottom, gap, left, inner: height - top - bottom };
    this.lines = axes.map((column, index) => ({ column, x: left + index * gap, y: this.heights(this.columns[column]) }));
    this.listen(host);
    // What is behind stays while runs are chosen.
    const behind = [width, height, axes, isDark(), devicePixelRatio].join();
    if (this.behind !== behind || !host.querySelector('canvas')) {
      this.behind = behind;
      this.paint(prepare(canvasOf(host, 'base'), width, height), this.order, 'base');
    }
    this.paintChosen(false);
    this.overlay();
  }

  heights(column) {
    const { top, height, bottom, inner } = this.frame;
    const y = new Float32Array(this.count);
    for (let run = 0; run < this.count; run++) {
      const value = column.data[run];
      y[run] = Number.isNaN(value) ? height - bottom + 16 : this.heightOf(column, value, top, inner);
    }
    return y;
  }

  // The first category is at the top, and so is the largest number.
  heightOf(column, value, top = this.frame.top, inner = this.frame.inner) {
    const part = place(column, value);
    return top + inner * (column.kind === 'categories' ? part : 1 - part);
  }

  paintChosen(moving) {
    const { width, height } = this.frame;
    const context = prepare(canvasOf(this.frame.host, 'top'), width, height);
    const all = this.brush.length === 0 ? this.order : this.order.filter(run => this.chosen[run]);
    const every = moving ? Math.ceil(all.length / MOVING) : 1;
    this.paint(context, every > 1 ? all.filter((_, index) => (all.length - 1 - index) % every === 0) : all, 'top');
  }

  // Some thousand lines between two frames, so that the page stays alive.
  paint(context, runs, layer) {
    const job = ++this.jobs[layer];
    const faint = layer === 'base';
    const alpha = faint ? Math.max(0.04, Math.min(0.3, 12 / Math.sqrt(runs.length + 1) / 4)) : Math.max(0.05, Math.min(0.9, 6 / Math.sqrt(runs.length + 1)));
    const grey = variable('--line-strong');
    let at = 0;
    const step = () => {
      if (job !== this.jobs[layer]) return;
      context.lineWidth = runs.length > 400 ? 1 : 1.4;
      const end = Math.min(runs.length, at + AT_ONCE);
      for (; at < end; at++) {
        const run = runs[at];
        context.strokeStyle = faint ? grey : shade(this.rank[run], alpha);
        context.globalAlpha = faint ? alpha : 1;
        context.beginPath();
        this.lines.forEach(({ x, y }, index) => context[index ? 'lineTo' : 'moveTo'](x, y[run]));
        context.stroke();
      }
      context.globalAlpha = 1;
      if (at < runs.length) requestAnimationFrame(step);
    };
    step();
  }

  overlay(hovered = -1) {
    const { host, width, height, top, inner, bottom, gap } = this.frame;
    const context = prepare(canvasOf(host, 'overlay'), width, height);
    if (hovered >= 0) {
      context.strokeStyle = variable('--text');
      context.lineWidth = 2.5;
      context.beginPath();
      this.lines.forEach(({ x, y }, index) => context[index ? 'lineTo' : 'moveTo'](x, y[hovered]));
      context.stroke();
    }
    this.lines.forEach(({ column, x, y }, index) => {
      const axis = this.columns[column];
      context.strokeStyle = variable('--line-strong');
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(x, top);
      context.lineTo(x, top + inner);
      context.stroke();
      const part = this.brush.find(candidate => candidate.column === column);
      if (part) this.drawBrush(context, axis, part, x);
      if (axis.kind === 'categories') {
        const every = Math.ceil(axis.categories.length / Math.max(1, Math.floor(inner / 15)));
        axis.categories.forEach((word, place) => {
          if (place % every === 0) write(context, shorten(context, word, Math.max(40, (gap || 120) - 14)), x + 6, this.heightOf(axis, place), 'left', 11, '--text');
        });
      } else {
        for (const tick of ticksOf(axis, inner)) write(context, formatTick(tick), x + 6, this.heightOf(axis, tick), 'left', 11, '--text');
      }
      if (y.some(value => value > height - bottom + 10)) write(context, 'none', x + 6, height - bottom + 16, 'left', 10);
      context.font = `600 12px ${FONT}`;
      const last = index === this.lines.length - 1;
      const title = shorten(context, axis.name, Math.max(70, (gap || width) * (this.lines.length > 4 ? 1.9 : 1) - 10));
      const align = index === 0 ? 'left' : last ? 'right' : 'center';
      const at = index === 0 ? Math.max(4, x - 22) : last ? Math.min(width - 4, x + 70) : x;
      write(context, title, at, this.lines.length > 4 && index % 2 ? 12 : 28, align, 12, '--text');
      if (column === this.value) write(context, this.better > 0 ? '↓ better' : '↑ better', x + 6, height - bottom + 14, 'left', 11, '--text');
      else if (axis.kind === 'log') write(context, 'log', x, height - bottom + 30 > height ? height - 6 : height - bottom + 28, 'center', 10);
    });
  }

  drawBrush(context, axis, { from, to, set }, x) {
    const boxes = set
      ? [...set].map(place => [this.heightOf(axis, place) - 8, this.heightOf(axis, place) + 8])
      : [[this.heightOf(axis, Math.min(to ?? axis.high, axis.high)) - 1, this.heightOf(axis, Math.max(from ?? axis.low, axis.low)) + 1]];
    context.fillStyle = variable('--accent');
    context.strokeStyle = variable('--accent');
    for (const [from, to] of boxes) {
      context.globalAlpha = 0.25;
      context.fillRect(x - 7, from, 14, Math.max(2, to - from));
      context.globalAlpha = 1;
      context.strokeRect(x - 7, from, 14, Math.max(2, to - from));
    }
  }

  listen(host) {
    if (host.dataset.listens) return;
    host.dataset.listens = 'yes';
    const at = event => {
      const box = host.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const axisAt = x => this.lines.find(line => Math.abs(line.x - x) <= 14);
    let drag = null;
    host.addEventListener('pointerdown', event => {
      // A finger scrolls; the fields below choose as well.
      if (event.pointerType === 'touch' || event.button !== 0 || !this.view) return;
      const [x, y] = at(event);
      const line = axisAt(x);
      if (!line) return;
      event.preventDefault();
      drag = { line, from: y, moved: false };
      host.setPointerCapture(event.pointerId);
    });
    host.addEventListener('pointermove', event => {
      if (!this.view) return;
      const [x, y] = at(event);
      if (!drag) {
        host.style.cursor = axisAt(x) ? 'ns-resize' : 'default';
        this.hover(x, y);
        return;
      }
      if (!drag.moved && Math.abs(y - drag.from) < 4) return;
      drag.moved = true;
      drag.to = y;
      if (drag.waiting) return;
      drag.waiting = true;
      requestAnimationFrame(() => {
        if (!drag) return;
        drag.waiting = false;
        this.choose(drag);
      });
    });
    const release = () => {
      if (!drag) return;
      const { line, moved } = drag;
      if (moved) this.choose(drag);
      drag = null;
      const column = this.columns[line.column];
      const part = moved ? this.brush.find(candidate => candidate.column === line.column) : null;
      if (!moved && !this.brush.some(candidate => candidate.column === line.column)) return;
      this.page.invokeMethodAsync('BrushedAsync', column.id, part?.from ?? null, part?.to ?? null, part?.set ? [...part.set] : null);
    };
    host.addEventListener('pointerup', release);
    host.addEventListener('pointercancel', release);
    host.addEventListener('pointerleave', () => { if (!drag) this.hover(-1, -1); });
  }

  choose({ line, from, to }) {
    const axis = this.columns[line.column];
    const { top, inner } = this.frame;
    const [upper, lower] = [Math.min(from, to), Math.max(from, to)];
    const part = { column: line.column, from: null, to: null, set: null };
    if (axis.kind === 'categories') {
      part.set = new Set(axis.categories.map((_, place) => place).filter(place => this.heightOf(axis, place) >= upper - 6 && this.heightOf(axis, place) <= lower + 6));
    } else {
      const at = y => Number(valueAt(axis, 1 - (y - top) / inner).toPrecision(4));
      part.from = lower >= top + inner ? null : at(lower);
      part.to = upper <= top ? null : at(upper);
    }
    this.brush = [...this.brush.filter(other => other.column !== line.column), ...(part.set || part.from !== null || part.to !== null ? [part] : [])];
    this.chosen = this.mask();
    this.paintChosen(true);
    this.overlay();
    this.drawScatter();
  }

  hover(x, y) {
    const { gap, left } = this.frame;
    let nearest = -1;
    if (x >= 0 && this.lines.length > 1) {
      const index = Math.min(this.lines.length - 2, Math.max(0, Math.floor((x - left) / gap)));
      const [one, other] = [this.lines[index], this.lines[index + 1]];
      const part = (x - one.x) / gap;
      let distance = 9;
      for (let run = 0; run < this.count; run++) {
        if (!this.chosen[run]) continue;
        const away = Math.abs(one.y[run] + (other.y[run] - one.y[run]) * part - y);
        if (away < distance) [distance, nearest] = [away, run];
      }
    }
    if (nearest === this.hovered) return;
    this.hovered = nearest;
    this.overlay(nearest);
    this.tell(this.frame.host, nearest, x, y);
  }

  // What the run is, asked of the server once and written as text.
  async tell(host, run, x, y) {
    let tip = host.querySelector('.chart-tip');
    if (!tip) {
      tip = document.createElement('div');
      tip.className = 'chart-tip';
      host.appendChild(tip);
    }
    tip.hidden = true;
    this.asked = run;
    if (run < 0) return;
    if (!this.told.has(run)) {
      await new Promise(resolve => setTimeout(resolve, 80));
      if (this.asked !== run) return;
      this.told.set(run, await this.page.invokeMethodAsync('TellAsync', run));
      if (this.asked !== run) return;
    }
    const { title, rows } = this.told.get(run);
    const head = document.createElement('div');
    head.className = 'chart-tip-head';
    head.textContent = title;
    const table = document.createElement('table');
    for (const [name, text] of rows) {
      const line = table.insertRow();
      line.insertCell().textContent = name;
      const cell = line.insertCell();
      cell.className = 'number';
      cell.textContent = text;
    }
    tip.replaceChildren(head, table);
    tip.hidden = false;
    tip.style.left = `${Math.max(0, Math.min(x + 14, host.clientWidth - tip.offsetWidth))}px`;
    tip.style.top = `${Math.max(0, Math.min(y + 14, host.clientHeight - tip.offsetHeight))}px`;
  }

  // Scatter

  drawScatter() {
    const host = this.root.querySelector('[data-scatter]');
    if (!host) return;
    const [width, height] = [host.clientWidth, host.clientHeight];
    const context = prepare(canvasOf(host, 'points'), width, height);
    const { x, y, colour } = this.view;
    const plot = this.plot(context, width, height, { ...this.columns[x], kind: this.kindOf(this.columns[x], this.view.logX) }, { ...this.columns[y], kind: this.kindOf(this.columns[y], this.view.logY) }, true);
    this.points(context, plot, this.order, this.columns[colour], colour);
    if (host.dataset.listens) return;
    host.dataset.listens = 'yes';
    host.addEventListener('pointermove', event => {
      const box = host.getBoundingClientRect();
      this.hoverScatter(host, event.clientX - box.left, event.clientY - box.top);
    });
    host.addEventListener('pointerleave', () => this.tell(host, -1));
  }

  kindOf(column, log) {
    if (column.kind === 'categories' || log === null || log === undefined) return column.kind;
    return log && column.low > 0 ? 'log' : 'linear';
  }

  // Axes with room for their words; answers where runs stand.
  plot(context, width, height, xAxis, yAxis, titles) {
    const wide = yAxis.kind === 'categories' ? Math.min(96, Math.max(...yAxis.categories.map(word => word.length)) * 6.5 + 10) : 46;
    const [left, right, top, bottom] = [wide, 12, 10, titles ? 40 : 24];
    const inner = { x: left, y: top, width: width - left - right, height: height - top - bottom };
    const pad = 8;
    const at = {
      x: value => inner.x + pad + (inner.width - 2 * pad) * place(xAxis, value),
      y: value => inner.y + pad + (inner.height - 2 * pad) * (yAxis.kind === 'categories' ? place(yAxis, value) : 1 - place(yAxis, value)),
    };
    context.strokeStyle = variable('--grid');
    context.lineWidth = 1;
    const marks = (axis, room, each) => axis.kind === 'categories'
      ? axis.categories.map((word, index) => [index, word]).filter((_, index) => index % Math.ceil(axis.categories.length / Math.max(1, Math.floor(room / each))) === 0)
      : ticksOf(axis, room).map(tick => [tick, formatTick(tick)]);
    for (const [value, text] of marks(xAxis, inner.width * 0.3, 25)) {
      context.lineWidth = 1;
      context.strokeStyle = variable('--grid');
      context.beginPath();
      context.moveTo(at.x(value), inner.y);
      context.lineTo(at.x(value), inner.y + inner.height);
      context.stroke();
      const room = xAxis.kind === 'categories' ? Math.max(28, inner.width / Math.max(1, xAxis.categories.length) - 4) : 60;
      context.font = `11px ${FONT}`;
      write(context, shorten(context, text, room), Math.min(at.x(value), width - 16), inner.y + inner.height + 11, 'center');
    }
    for (const [value, text] of marks(yAxis, inner.height, 16)) {
      context.lineWidth = 1;
      context.strokeStyle = variable('--grid');
      context.beginPath();
      context.moveTo(inner.x, at.y(value));
      context.lineTo(inner.x + inner.width, at.y(value));
      context.stroke();
      context.font = `11px ${FONT}`;
      write(context, shorten(context, text, left - 8), left - 5, at.y(value), 'right');
    }
    if (titles) {
      context.font = `12px ${FONT}`;
      write(context, shorten(context, xAxis.name, inner.width), inner.x + inner.width / 2, height - 10, 'center', 12, '--text');
    }
    return { at, inner, xAxis, yAxis };
  }

  points(context, { at, inner, xAxis, yAxis }, runs, colourOf, colourIndex) {
    const size = runs.length > 2000 ? 3 : runs.length > 200 ? 4 : 6;
    const ranks = colourIndex === this.value || colourOf.kind === 'categories' ? this.rank : this.ranksOf(colourIndex);
    const series = Array.from({ length: SERIES }, (_, index) => variable(`--series-${index}`));
    const grey = variable('--line-strong');
    const spread = axis => axis.kind === 'categories' && axis.categories.length > 0 ? 0.25 * Math.min(40, inner.width / axis.categories.length) : 0;
    const [jitterX, jitterY] = [spread(xAxis), Math.min(8, spread(yAxis))];
    for (const wanted of [0, 1]) {
      for (const run of runs) {
        if (this.chosen[run] !== wanted) continue;
        const [x, y] = [xAxis.data[run], yAxis.data[run]];
        if (Number.isNaN(x) || Number.isNaN(y)) continue;
        // Always the same little way from a category's middle, so that runs do not hide each other.
        const off = ((run * 2654435761 >>> 0) / 4294967296 - 0.5) * 2;
        context.globalAlpha = wanted ? 0.85 : 0.25;
        context.fillStyle = !wanted ? grey : colourOf.kind === 'categories' ? series[colourOf.data[run] % SERIES] : Number.isNaN(colourOf.data[run]) ? grey : shade(ranks[run]);
        const [px, py] = [at.x(x) + off * jitterX, at.y(y) + off * jitterY];
        if (size > 4) {
          context.beginPath();
          context.arc(px, py, size / 2, 0, 7);
          context.fill();
        } else {
          context.fillRect(px - size / 2, py - size / 2, size, size);
        }
      }
    }
    context.globalAlpha = 1;
    if (colourOf) this.drawn = { at, xAxis, yAxis, jitterX, jitterY };
  }

  // Of a column that is not the measure: the smallest number has the first colour.
  ranksOf(column) {
    const { data } = this.columns[column];
    const order = Uint32Array.from({ length: this.count }, (_, run) => run).filter(run => !Number.isNaN(data[run])).sort((a, b) => data[a] - data[b]);
    const ranks = new Float32Array(this.count);
    for (let index = 0; index < order.length; index++) {
      ranks[order[index]] = index > 0 && data[order[index]] === data[order[index - 1]] ? ranks[order[index - 1]] : order.length > 1 ? index / (order.length - 1) : 0;
    }
    return ranks;
  }

  hoverScatter(host, x, y) {
    if (!this.drawn || !this.view) return;
    const { at, xAxis, yAxis, jitterX, jitterY } = this.drawn;
    let [nearest, distance] = [-1, 64];
    for (let run = 0; run < this.count; run++) {
      if (!this.chosen[run]) continue;
      const off = ((run * 2654435761 >>> 0) / 4294967296 - 0.5) * 2;
      const away = (at.x(xAxis.data[run]) + off * jitterX - x) ** 2 + (at.y(yAxis.data[run]) + off * jitterY - y) ** 2;
      if (away < distance) [nearest, distance] = [run, away];
    }
    if (nearest === this.asked) return;
    this.tell(host, nearest, x, y);
  }

  // Slices

  drawSlices() {
    const scatter = this.drawn;
    for (const host of this.root.querySelectorAll('[data-slice]')) {
      const index = this.columns.findIndex(column => column.id === host.dataset.slice);
      if (index < 0 || host.clientWidth === 0) continue;
      const [width, height] = [host.clientWidth, host.clientHeight];
      const context = prepare(canvasOf(host, 'points'), width, height);
      const plot = this.plot(context, width, height, this.columns[index], this.columns[this.value], false);
      const every = Math.ceil(this.count / SLICE_POINTS);
      this.points(context, plot, every > 1 ? this.order.filter((_, at) => (this.count - 1 - at) % every === 0) : this.order, this.columns[this.value], this.value);
      const marginal = this.view.slices.find(slice => slice.column === index);
      if (marginal) this.drawMarginal(context, plot, marginal.points);
    }
    this.drawn = scatter;
  }

  // What the forest says of each value, with its spread over trees.
  drawMarginal(context, { at, xAxis, inner }, points) {
    const colour = variable('--series-1');
    const clamp = y => Math.min(inner.y + inner.height, Math.max(inner.y, y));
    context.fillStyle = colour;
    context.strokeStyle = colour;
    if (xAxis.kind === 'categories') {
      for (const [from, , mean, deviation] of points) {
        const x = at.x(from);
        context.lineWidth = 1.5;
        context.beginPath();
        context.moveTo(x, clamp(at.y(this.above(mean - deviation))));
        context.lineTo(x, clamp(at.y(mean + deviation)));
        context.stroke();
        context.lineWidth = 3;
        context.beginPath();
        context.moveTo(x - 9, clamp(at.y(mean)));
        context.lineTo(x + 9, clamp(at.y(mean)));
        context.stroke();
      }
      return;
    }
    const middle = ([from, to]) => (at.x(from) + at.x(to)) / 2;
    context.globalAlpha = 0.22;
    context.beginPath();
    points.forEach((point, index) => context[index ? 'lineTo' : 'moveTo'](middle(point), clamp(at.y(point[2] + point[3]))));
    for (let index = points.length - 1; index >= 0; index--) context.lineTo(middle(points[index]), clamp(at.y(this.above(points[index][2] - points[index][3]))));
    context.fill();
    context.globalAlpha = 1;
    context.lineWidth = 2;
    context.beginPath();
    points.forEach((point, index) => context[index ? 'lineTo' : 'moveTo'](middle(point), clamp(at.y(point[2]))));
    context.stroke();
    for (const point of points) if (points.length <= 12) context.fillRect(middle(point) - 2.5, clamp(at.y(point[2])) - 2.5, 5, 5);
  }

  // A logarithmic axis has no place at 0 and below.
  above(value) {
    const { kind, low } = this.columns[this.value];
    return kind === 'log' ? Math.max(value, low / 10) : value;
  }
}

export const open = (root, page) => new Charts(root, page);
