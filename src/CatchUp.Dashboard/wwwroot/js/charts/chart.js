// What all charts have: colours of the theme, axes, labels at the line ends, a note at the pointer.
// Names that users or runs can choose reach the page through textContent and canvas text only.
import { formatTick } from './numbers.js';

// Rows of the note at the pointer, one below the other.
const TIP_ROWS = 18;

const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5]];
export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';

export const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const colourOf = index => variable(`--series-${index}`) || '#888';
export const dashOf = index => DASHES[index % DASHES.length];

export function fade(colour, alpha) {
  const value = parseInt(colour.slice(1), 16);
  return `rgba(${value >> 16 & 255}, ${value >> 8 & 255}, ${value & 255}, ${alpha})`;
}

export function axes(xLabel, yLabel, more = {}) {
  const line = { stroke: variable('--line-strong'), width: 1, size: 4 };
  const grid = { stroke: variable('--grid'), width: 1 };
  const common = { stroke: variable('--muted'), font: FONT, labelFont: FONT, grid, ticks: line, labelSize: 16, labelGap: 2 };
  return [
    { ...common, label: xLabel, size: 26, space: 56, values: (_, ticks) => ticks.map(formatTick), ...more.x },
    { ...common, label: yLabel || undefined, size: 52, space: 28, values: (_, ticks) => ticks.map(formatTick), ...more.y },
  ];
}

// What all kinds of chart do alike: live with their host's size and theme, and show a note at the pointer.
export class Chart {
  constructor(host) {
    this.host = host;
    this.plot = null;
    this.onTheme = () => this.build();
    document.addEventListener('catchup:theme', this.onTheme);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(host);
    this.pointer = null;
    this.onPointer = event => this.pointer = event.type === 'pointerleave' ? null : event;
    host.addEventListener('pointermove', this.onPointer);
    host.addEventListener('pointerleave', this.onPointer);
  }

  size() {
    return { width: Math.max(120, Math.floor(this.host.clientWidth)), height: Math.max(80, Math.floor(this.host.clientHeight)) };
  }

  fit() {
    if (!this.plot) return;
    const { width, height } = this.size();
    if (width === this.plot.width && height === this.plot.height) return;
    if (this.labelsFit(width) !== this.labelled) this.build();
    else this.plot.setSize({ width, height });
  }

  labelsFit(width) {
    return this.labels().length > 1 && this.labels().length <= 10 && width >= 560;
  }

  // Room for labels at the line ends, or none and the legend below instead.
  makeRoom() {
    const { width } = this.size();
    this.labelled = this.labelsFit(width);
    this.host.closest('.chart')?.classList.toggle('chart-labelled', this.labelled);
    if (!this.labelled) return 22;
    const context = document.createElement('canvas').getContext('2d');
    context.font = FONT;
    return Math.min(190, Math.max(...this.labels().map(label => context.measureText(label).width)) + 16);
  }

  // Labels at the right edge, pushed apart where lines end close together.
  drawLabels(plot, ends) {
    if (!this.labelled) return;
    const ratio = devicePixelRatio;
    const height = 14 * ratio;
    const { left, top, width, height: plotHeight } = plot.bbox;
    const placed = ends.map(end => ({ ...end, at: Math.min(Math.max(end.y, top), top + plotHeight) })).sort((a, b) => a.at - b.at);
    for (let i = 1; i < placed.length; i++) placed[i].at = Math.max(placed[i].at, placed[i - 1].at + height);
    const overflow = placed.length > 0 ? placed[placed.length - 1].at - (top + plotHeight) : 0;
    if (overflow > 0) {
      placed[placed.length - 1].at -= overflow;
      for (let i = placed.length - 2; i >= 0; i--) placed[i].at = Math.min(placed[i].at, placed[i + 1].at - height);
    }
    const context = plot.ctx;
    context.save();
    context.font = FONT.replace('12px', `${12 * ratio}px`);
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    for (const end of placed) {
      context.fillStyle = end.colour;
      context.fillText(this.shorten(context, end.label, 178 * ratio), left + width + 6 * ratio, end.at);
    }
    context.restore();
  }

  shorten(context, text, width) {
    if (context.measureText(text).width <= width) return text;
    let end = text.length;
    while (end > 1 && context.measureText(`${text.slice(0, end)}…`).width > width) end--;
    return `${text.slice(0, end)}…`;
  }

  makeTip(plot) {
    this.tip = document.createElement('div');
    this.tip.className = 'chart-tip';
    this.tip.hidden = true;
    plot.over.appendChild(this.tip);
    // After the drawing that has just called this: one asked for during it would be lost.
    queueMicrotask(() => this.readPointer(plot));
  }

  // A plot made anew below a pointer that rests: nothing but this tells it where that is.
  readPointer(plot) {
    if (this.plot !== plot || !this.pointer) return;
    const over = plot.over.getBoundingClientRect();
    const [left, top] = [this.pointer.clientX - over.left, this.pointer.clientY - over.top];
    if (left >= 0 && left <= over.width && top >= 0 && top <= over.height) plot.setCursor({ left, top });
  }

  // rows: label, colour, text and, where there is room, a note; notes: sentences below them.
  showTip(plot, title, rows, notes = []) {
    const { left, top } = plot.cursor;
    if (!this.tip) return;
    if (left < 0 || top < 0 || rows.length + notes.length === 0) {
      this.tip.hidden = true;
      return;
    }
    const head = document.createElement('div');
    head.className = 'chart-tip-head';
    head.textContent = title;
    const tables = document.createElement('div');
    tables.className = 'chart-tip-tables';
    const many = rows.length > TIP_ROWS;
    for (let first = 0; first < rows.length; first += TIP_ROWS) tables.append(this.tipTable(rows.slice(first, first + TIP_ROWS), many));
    this.tip.replaceChildren(head, tables, ...notes.map(note => {
      const line = document.createElement('div');
      line.className = 'chart-tip-line';
      line.textContent = note;
      return line;
    }));
    this.tip.hidden = false;
    const width = this.tip.offsetWidth;
    const room = plot.over.clientWidth;
    const x = left + 14 + width > room && left - 14 - width > -60 ? left - 14 - width : left + 14;
    this.tip.style.left = `${x}px`;
    this.tip.style.top = `${Math.max(-20, Math.min(top - this.tip.offsetHeight / 2, plot.over.clientHeight - this.tip.offsetHeight + 20))}px`;
  }

  tipTable(rows, many) {
    const table = document.createElement('table');
    for (const row of rows) {
      const line = table.insertRow();
      if (row.strong) line.className = 'chart-tip-strong';
      const swatch = document.createElement('span');
      swatch.className = 'swatch';
      swatch.style.background = row.colour;
      const name = line.insertCell();
      name.append(swatch, document.createTextNode(row.label));
      const value = line.insertCell();
      value.className = 'number';
      value.textContent = row.text;
      const note = line.insertCell();
      note.className = 'chart-tip-note';
      note.textContent = many && !row.strong ? '' : row.note ?? '';
    }
    return table;
  }

  labels() {
    return [];
  }

  dispose() {
    document.removeEventListener('catchup:theme', this.onTheme);
    this.host.removeEventListener('pointermove', this.onPointer);
    this.host.removeEventListener('pointerleave', this.onPointer);
    this.resize.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }
}
