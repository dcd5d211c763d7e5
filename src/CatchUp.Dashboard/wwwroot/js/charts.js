// Draws the charts with uPlot. Names that users or runs can choose reach the page through textContent and canvas text only.
import uPlot from '../lib/uplot/uPlot.esm.js';

const COLUMNS = 5;
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [14, 5]];
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';

const variable = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colourOf = index => variable(`--series-${index}`) || '#888';
const dashOf = index => DASHES[index % DASHES.length];

function fade(colour, alpha) {
  const value = parseInt(colour.slice(1), 16);
  return `rgba(${value >> 16 & 255}, ${value >> 8 & 255}, ${value & 255}, ${alpha})`;
}

export function format(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'NaN';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return String(Number(value.toPrecision(4)));
}

function formatTick(value) {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(6))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(6))}k`;
  if (size < 1e-3) return value.toExponential(1).replace('.0', '').replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

// Ticks of a logarithmic axis: 1, 2, 5 of each decade, or decades alone, or, within less than a decade, evenly spaced ones.
function logTicks(low, high) {
  const ticks = [];
  const decades = Math.log10(high / low);
  const digits = decades > 4 ? [1] : [1, 2, 5];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    for (const digit of digits) {
      const tick = Number(`${digit}e${power}`);
      if (tick >= low && tick <= high) ticks.push(tick);
    }
  }
  if (ticks.length >= 3) {
    const every = Math.ceil(ticks.length / 7);
    return ticks.filter((_, index) => index % every === 0);
  }
  return linearTicks(low, high, 4);
}

function linearTicks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(digit => digit * power).find(candidate => candidate >= rough * 0.75);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

function axes(xLabel, yLabel, more = {}) {
  const line = { stroke: variable('--line-strong'), width: 1, size: 4 };
  const grid = { stroke: variable('--grid'), width: 1 };
  const common = { stroke: variable('--muted'), font: FONT, labelFont: FONT, grid, ticks: line, labelSize: 16, labelGap: 2 };
  return [
    { ...common, label: xLabel, size: 26, space: 56, values: (_, ticks) => ticks.map(formatTick), ...more.x },
    { ...common, label: yLabel || undefined, size: 52, space: 28, values: (_, ticks) => ticks.map(formatTick), ...more.y },
  ];
}

// What both kinds of chart do alike: live with their host's size and theme, and show a note at the pointer.
class Chart {
  constructor(host) {
    this.host = host;
    this.plot = null;
    this.onTheme = () => this.build();
    document.addEventListener('catchup:theme', this.onTheme);
    this.resize = new ResizeObserver(() => this.fit());
    this.resize.observe(host);
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
  }

  showTip(plot, title, rows) {
    const { left, top } = plot.cursor;
    if (!this.tip) return;
    if (left < 0 || top < 0 || rows.length === 0) {
      this.tip.hidden = true;
      return;
    }
    const head = document.createElement('div');
    head.className = 'chart-tip-head';
    head.textContent = title;
    const table = document.createElement('table');
    for (const row of rows.slice(0, 24)) {
      const line = table.insertRow();
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
      note.textContent = row.note ?? '';
    }
    this.tip.replaceChildren(head, table);
    this.tip.hidden = false;
    const width = this.tip.offsetWidth;
    const room = plot.over.clientWidth;
    const x = left + 14 + width > room && left - 14 - width > -60 ? left - 14 - width : left + 14;
    this.tip.style.left = `${x}px`;
    this.tip.style.top = `${Math.max(-20, Math.min(top - this.tip.offsetHeight / 2, plot.over.clientHeight - this.tip.offsetHeight + 20))}px`;
  }

  labels() {
    return [];
  }

  dispose() {
    document.removeEventListener('catchup:theme', this.onTheme);
    this.resize.disconnect();
    this.plot?.destroy();
    this.plot = null;
  }
}

class MetricChart extends Chart {
  constructor(host, page, xLabel, yLabel) {
    super(host);
    this.page = page;
    this.xLabel = xLabel;
    this.yLabel = yLabel;
    this.series = [];
    this.view = { from: null, to: null, log: false, smoothing: 0 };
  }

  // shapes: every series that there is now; bytes: the buckets from shape.from on. What comes before is here already.
  update(shapes, bytes, view) {
    const numbers = new Float64Array(bytes.slice().buffer);
    const known = new Map(this.series.map(series => [series.key, series]));
    let at = 0;
    const before = this.signature();
    this.series = shapes.map(shape => {
      const old = known.get(shape.key);
      const keep = Math.min(shape.from, old ? old.buckets.length / COLUMNS : 0);
      const buckets = new Float64Array(shape.count * COLUMNS);
      if (keep > 0) buckets.set(old.buckets.subarray(0, keep * COLUMNS));
      const fresh = (shape.count - shape.from) * COLUMNS;
      buckets.set(numbers.subarray(at, at + fresh), shape.from * COLUMNS);
      at += fresh;
      return { ...shape, buckets };
    });
    this.view = view;
    this.align();
    if (this.plot && before === this.signature()) {
      this.plot.setData(this.data, false);
      this.rescale();
    } else {
      this.build();
    }
  }

  signature() {
    return JSON.stringify([this.series.map(series => [series.key, series.label, series.colour, series.dash]), this.view.log, this.view.smoothing > 0]);
  }

  labels() {
    return this.series.map(series => series.label);
  }

  // One x array for all series; undefined where a series has no bucket (drawn through), null where its value is not finite (a gap).
  align() {
    const steps = new Set();
    for (const { buckets } of this.series) for (let i = 0; i < buckets.length; i += COLUMNS) steps.add(buckets[i]);
    const x = Float64Array.from(steps).sort();
    const position = new Map();
    x.forEach((step, index) => position.set(step, index));
    const { log, smoothing } = this.view;
    const data = [x];
    for (const series of this.series) {
      const { buckets } = series;
      const raw = new Array(x.length);
      const smooth = smoothing > 0 ? new Array(x.length) : null;
      const alpha = 2 / (smoothing + 1);
      let mean = null;
      series.smooth = smooth ? new Float64Array(buckets.length / COLUMNS) : null;
      for (let i = 0; i < buckets.length; i += COLUMNS) {
        const value = buckets[i + 3];
        const finite = !Number.isNaN(value);
        const index = position.get(buckets[i]);
        raw[index] = finite && (!log || value > 0) ? value : null;
        if (smooth) {
          if (finite) mean = mean === null ? value : mean + alpha * (value - mean);
          smooth[index] = finite && (!log || mean > 0) ? mean : null;
          series.smooth[i / COLUMNS] = finite ? mean : NaN;
        }
      }
      data.push(raw);
      if (smooth) data.push(smooth);
    }
    this.data = data;
    // For whoever cannot see the canvas and wants to know how far it reaches.
    this.host.dataset.last = String(x[x.length - 1] ?? '');
  }

  xRange() {
    const x = this.data[0];
    const { from, to } = this.view;
    if (from !== null && from !== undefined && to !== null && to !== undefined) return [from, to];
    if (x.length === 0) return [0, 1];
    const [low, high] = [x[0], x[x.length - 1]];
    return low === high ? [low - 0.5, high + 0.5] : [low, high];
  }

  // Exact extremes of what is visible, bands included.
  yRange() {
    const [from, to] = this.xRange();
    const { log } = this.view;
    let low = Infinity;
    let high = -Infinity;
    for (const { buckets } of this.series) {
      for (let i = 0; i < buckets.length; i += COLUMNS) {
        if (buckets[i] < from || buckets[i] > to) continue;
        const [min, max] = [buckets[i + 1], buckets[i + 2]];
        if (min < low && (!log || min > 0)) low = min;
        if (max > high) high = max;
        if (log && max > 0 && max < low) low = max;
      }
    }
    if (!(low <= high)) return log ? [0.1, 10] : [0, 1];
    if (log) return low === high ? [low / 2, high * 2] : [low / (high / low) ** 0.04, high * (high / low) ** 0.04];
    if (low === high) return low === 0 ? [-1, 1] : [low - Math.abs(low) * 0.1, high + Math.abs(high) * 0.1];
    const pad = (high - low) * 0.05;
    return [low >= 0 && low - pad < 0 ? 0 : low - pad, high + pad];
  }

  rescale() {
    const [from, to] = this.xRange();
    this.plot.batch(() => {
      this.plot.setScale('x', { min: from, max: to });
      const [low, high] = this.yRange();
      this.plot.setScale('y', { min: low, max: high });
    });
  }

  build() {
    if (!this.data) return;
    this.plot?.destroy();
    this.tip = null;
    const smoothing = this.view.smoothing > 0;
    const room = this.makeRoom();
    const series = [{}];
    for (const one of this.series) {
      const colour = colourOf(one.colour);
      const single = one.count === 1;
      series.push({ stroke: smoothing ? fade(colour, 0.28) : colour, width: smoothing ? 1 : 1.5, dash: dashOf(one.dash), points: { show: single, size: 5, fill: colour } });
      if (smoothing) series.push({ stroke: colour, width: 2, dash: dashOf(one.dash), points: { show: single, size: 5, fill: colour } });
    }
    const { log } = this.view;
    this.plot = new uPlot({
      ...this.size(),
      series,
      legend: { show: false },
      padding: [10, room, 0, 0],
      scales: {
        x: { time: false, auto: false },
        y: { auto: false, distr: log ? 3 : 1, log: 10 },
      },
      axes: axes(this.xLabel, this.yLabel, {
        x: { splits: (plot, axis, low, high) => linearTicks(low, high, Math.max(3, Math.floor(plot.bbox.width / devicePixelRatio / 80))).filter(tick => this.xLabel !== 'step' || Number.isInteger(tick)) },
        y: log ? { splits: (plot, axis, low, high) => logTicks(low, high), filter: (plot, ticks) => ticks } : {},
      }),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => () => this.zoom(null, null) },
      },
      hooks: {
        ready: [plot => this.makeTip(plot)],
        drawAxes: [plot => this.drawBands(plot)],
        draw: [plot => { this.drawMarks(plot); this.drawLabels(plot, this.ends(plot)); }],
        setCursor: [plot => this.hover(plot)],
        setSelect: [plot => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const from = plot.posToVal(left, 'x');
          const to = plot.posToVal(left + width, 'x');
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          this.zoom(Math.max(0, Math.floor(from)), Math.ceil(to));
        }],
      },
    }, this.data, this.host);
    this.rescale();
  }

  zoom(from, to) {
    if (from !== null && to - from < 1) return;
    this.view = { ...this.view, from, to };
    this.rescale();
    this.page.invokeMethodAsync('ZoomedAsync', from, to);
  }

  clip(plot, draw) {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx);
    ctx.restore();
  }

  // The exact extremes of every bucket, behind the lines.
  drawBands(plot) {
    const { log } = this.view;
    const [, floor] = [0, plot.scales.y.min];
    this.clip(plot, context => {
      for (const { buckets, colour, width } of this.series) {
        if (!(width > 1)) continue;
        context.fillStyle = fade(colourOf(colour), this.view.smoothing > 0 ? 0.1 : 0.2);
        let points = [];
        const flush = () => {
          if (points.length > 1) {
            context.beginPath();
            points.forEach(([x, , max], i) => context[i ? 'lineTo' : 'moveTo'](x, max));
            for (let i = points.length - 1; i >= 0; i--) context.lineTo(points[i][0], points[i][1]);
            context.fill();
          }
          points = [];
        };
        for (let i = 0; i < buckets.length; i += COLUMNS) {
          const [min, max] = [buckets[i + 1], buckets[i + 2]];
          if (Number.isNaN(min) || (log && max <= 0)) {
            flush();
            continue;
          }
          points.push([plot.valToPos(buckets[i], 'x', true), plot.valToPos(log && min <= 0 ? floor : min, 'y', true), plot.valToPos(max, 'y', true)]);
        }
        flush();
      }
    });
  }

  // A cross at the upper edge wherever a value was NaN or infinite.
  drawMarks(plot) {
    this.clip(plot, context => {
      const arm = 3.5 * devicePixelRatio;
      const y = plot.bbox.top + arm * 2;
      context.lineWidth = 1.6 * devicePixelRatio;
      for (const { buckets, colour } of this.series) {
        context.strokeStyle = colourOf(colour);
        for (let i = 0; i < buckets.length; i += COLUMNS) {
          if (!(buckets[i + 4] > 0)) continue;
          const x = plot.valToPos(buckets[i], 'x', true);
          context.beginPath();
          context.moveTo(x - arm, y - arm);
          context.lineTo(x + arm, y + arm);
          context.moveTo(x + arm, y - arm);
          context.lineTo(x - arm, y + arm);
          context.stroke();
        }
      }
    });
  }

  ends(plot) {
    const [, to] = this.xRange();
    const ends = [];
    for (const series of this.series) {
      for (let i = series.buckets.length - COLUMNS; i >= 0; i -= COLUMNS) {
        const value = series.smooth ? series.smooth[i / COLUMNS] : series.buckets[i + 3];
        if (series.buckets[i] > to || Number.isNaN(value) || (this.view.log && value <= 0)) continue;
        ends.push({ label: series.label, colour: colourOf(series.colour), y: plot.valToPos(value, 'y', true) });
        break;
      }
    }
    return ends;
  }

  hover(plot) {
    const { left } = plot.cursor;
    if (left < 0 || this.series.length === 0) {
      if (this.tip) this.tip.hidden = true;
      return;
    }
    const at = plot.posToVal(left, 'x');
    const rows = [];
    let nearest = null;
    for (const series of this.series) {
      const index = this.nearest(series.buckets, at);
      if (index < 0) continue;
      const [step, min, max, last, bad] = series.buckets.subarray(index * COLUMNS, index * COLUMNS + COLUMNS);
      // A curve that ended long before the pointer has no value there.
      if (Math.abs(plot.valToPos(step, 'x') - left) > 24 && (at > series.buckets[series.buckets.length - COLUMNS] || at < series.buckets[0])) continue;
      if (nearest === null || Math.abs(step - at) < Math.abs(nearest - at)) nearest = step;
      const smooth = series.smooth ? series.smooth[index] : null;
      const notes = [];
      if (smooth !== null) notes.push(`raw ${format(last)}`);
      if (series.width > 1 && !Number.isNaN(min)) notes.push(`${format(min)} to ${format(max)}`);
      if (bad > 0) notes.push(`${bad} not finite`);
      rows.push({ label: series.label, colour: colourOf(series.colour), value: smooth ?? last, text: format(smooth ?? last), note: notes.join(' · ') });
    }
    rows.sort((a, b) => (Number.isNaN(b.value) ? -Infinity : b.value) - (Number.isNaN(a.value) ? -Infinity : a.value));
    this.showTip(plot, `${this.xLabel} ${nearest === null ? '' : nearest.toLocaleString('en-US', { maximumFractionDigits: 1 })}`, rows);
  }

  nearest(buckets, at) {
    let low = 0;
    let high = buckets.length / COLUMNS - 1;
    if (high < 0) return -1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (buckets[middle * COLUMNS] <= at) low = middle;
      else high = middle;
    }
    return Math.abs(buckets[low * COLUMNS] - at) <= Math.abs(buckets[high * COLUMNS] - at) ? low : high;
  }
}

class FidChart extends Chart {
  constructor(host) {
    super(host);
    this.lines = [];
    this.log = false;
    this.name = 'FID';
  }

  update(lines, log, name) {
    [this.lines, this.log, this.name] = [lines, log, name];
    this.build();
  }

  labels() {
    return this.lines.map(line => line.label);
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    this.tip = null;
    const nfes = [...new Set(this.lines.flatMap(line => line.points.map(point => point.x)))].sort((a, b) => a - b);
    const room = this.makeRoom();
    if (nfes.length === 0) return;
    const all = this.lines.flatMap(line => line.points);
    const lows = all.map(point => point.low ?? point.y).filter(value => !this.log || value > 0);
    const [low, high] = [Math.min(...lows), Math.max(...all.map(point => point.high ?? point.y))];
    const range = this.log
      ? [low / 1.15, high * 1.15]
      : low >= 0 ? [0, high * 1.08 || 1] : [low - (high - low) * 0.06, high + (high - low || -low) * 0.06];
    const data = [Float64Array.from(nfes), ...this.lines.map(line => nfes.map(nfe => {
      const point = line.points.find(candidate => candidate.x === nfe);
      return point === undefined ? undefined : this.log && point.y <= 0 ? null : point.y;
    }))];
    this.plot = new uPlot({
      ...this.size(),
      series: [{}, ...this.lines.map(line => {
        const colour = colourOf(line.colour);
        return { stroke: colour, width: 1.5, dash: dashOf(line.dash), points: { show: true, size: 7, fill: colour, stroke: colour } };
      })],
      legend: { show: false },
      padding: [10, room, 0, 0],
      scales: {
        x: { time: false, distr: 3, log: 2, range: () => nfes.length === 1 ? [nfes[0] / 2, nfes[0] * 2] : [nfes[0] / 1.12, nfes[nfes.length - 1] * 1.12] },
        y: { distr: this.log ? 3 : 1, range: () => range },
      },
      axes: axes('NFE (network evaluations per image)', this.name, {
        x: { splits: () => nfes, filter: (plot, ticks) => ticks, values: (plot, ticks) => ticks.map(String), space: 10 },
        y: this.log ? { splits: (plot, axis, from, to) => logTicks(from, to), filter: (plot, ticks) => ticks } : {},
      }),
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        ready: [plot => this.makeTip(plot)],
        drawAxes: [plot => this.drawIntervals(plot)],
        draw: [plot => this.drawLabels(plot, this.lines.filter(line => line.points.length > 0).map(line => ({
          label: line.label, colour: colourOf(line.colour), y: plot.valToPos(line.points[line.points.length - 1].y, 'y', true),
        })))],
        setCursor: [plot => this.hover(plot, nfes)],
      },
    }, data, this.host);
  }

  drawIntervals(plot) {
    const context = plot.ctx;
    context.save();
    context.lineWidth = 1.2 * devicePixelRatio;
    const cap = 3 * devicePixelRatio;
    for (const line of this.lines) {
      context.strokeStyle = fade(colourOf(line.colour), 0.8);
      for (const point of line.points) {
        if (point.low === null || point.high === null || point.low === undefined || (this.log && point.low <= 0)) continue;
        const x = plot.valToPos(point.x, 'x', true);
        const [top, bottom] = [plot.valToPos(point.high, 'y', true), plot.valToPos(point.low, 'y', true)];
        context.beginPath();
        context.moveTo(x, top);
        context.lineTo(x, bottom);
        context.moveTo(x - cap, top);
        context.lineTo(x + cap, top);
        context.moveTo(x - cap, bottom);
        context.lineTo(x + cap, bottom);
        context.stroke();
      }
    }
    context.restore();
  }

  hover(plot, nfes) {
    const { left } = plot.cursor;
    if (left < 0) {
      if (this.tip) this.tip.hidden = true;
      return;
    }
    const nfe = nfes.reduce((best, candidate) => Math.abs(plot.valToPos(candidate, 'x') - left) < Math.abs(plot.valToPos(best, 'x') - left) ? candidate : best);
    const rows = this.lines.flatMap(line => line.points.filter(point => point.x === nfe).map(point => ({ label: line.label, colour: colourOf(line.colour), value: point.y, text: point.text })));
    rows.sort((a, b) => b.value - a.value);
    this.showTip(plot, `NFE ${nfe}`, rows);
  }
}

export const metricChart = (host, page, xLabel, yLabel) => new MetricChart(host, page, xLabel, yLabel);
export const fidChart = host => new FidChart(host);
