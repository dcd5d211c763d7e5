// Curves of metrics, drawn on uPlot's axes. One chart may hold fifty: the nearest to the pointer stands out.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { Chart, axes, colourOf, dashOf, fade } from './chart.js';
import { BAD, COLUMNS, COUNT, END, HIGH, LOW, START, STEP, VALUE, formatPlace, nearest, parts, shade, smooth, xRange, xTickText, xTicks, yRange } from './geometry.js';
import { format, logTicks } from './numbers.js';
import { save } from './picture.js';

// All curve charts of the page: their cursors move together.
const charts = new Set();

// How near the pointer must be to a line, in pixels, for the others to fade.
const NEAR = 24;

// So many numbers, the first of them kept: in the same memory where there is room, for a growing curve is told of every second.
function grown(old, length, keep) {
  if (old && old.buffer.byteLength >= length * Float64Array.BYTES_PER_ELEMENT) return new Float64Array(old.buffer, 0, length);
  const room = new Float64Array(old ? length + (length >> 1) : length);
  if (keep > 0) room.set(old.subarray(0, keep));
  return room.subarray(0, length);
}

class CurveChart extends Chart {
  constructor(host, page) {
    super(host);
    this.page = page;
    this.series = [];
    this.look = { title: '', yLabel: '', xLabel: 'step', axis: 'step', inSeconds: false, from: null, to: null, log: false, logX: false, smoothing: 0, unit: 'points' };
    this.focused = null;
    this.chosen = null;
    this.keys = event => this.key(event);
    this.blur = () => this.leave();
    this.point = event => this.choose(event.target.closest?.('[data-series]')?.dataset.series ?? null);
    // Here and not on the server: browsers take a download for the user's only right after the click.
    this.take = event => {
      const format = event.target.closest?.('[data-save]')?.dataset.save;
      if (format) save(format, this.series, this.look);
    };
    host.addEventListener('keydown', this.keys);
    host.addEventListener('blur', this.blur);
    this.figure = host.closest('.chart');
    this.figure?.addEventListener('pointerover', this.point);
    this.figure?.addEventListener('click', this.take);
    // The server keeps curves live while they can be seen: near the window's edge already, for whoever scrolls on.
    this.inSight = this.near = true;
    this.onTab = () => this.tellSight();
    document.addEventListener('visibilitychange', this.onTab);
    this.sight = new IntersectionObserver(entries => {
      this.near = entries.at(-1).isIntersecting;
      this.tellSight();
    }, { rootMargin: '200px' });
    this.sight.observe(this.figure ?? host);
    charts.add(this);
  }

  dispose() {
    charts.delete(this);
    this.sight.disconnect();
    document.removeEventListener('visibilitychange', this.onTab);
    this.host.removeEventListener('keydown', this.keys);
    this.host.removeEventListener('blur', this.blur);
    this.figure?.removeEventListener('pointerover', this.point);
    this.figure?.removeEventListener('click', this.take);
    super.dispose();
  }

  // shapes: every series that there is now; bytes: the buckets from shape.from on. What comes before is here already.
  update(shapes, bytes, look) {
    const began = performance.now();
    const numbers = new Float64Array(bytes.slice().buffer);
    const known = new Map(this.series.map(series => [series.key, series]));
    let at = 0;
    const before = this.signature();
    this.series = shapes.map(shape => {
      const old = known.get(shape.key);
      const keep = Math.min(shape.from, old ? old.buckets.length / COLUMNS : 0);
      const buckets = grown(old?.buckets, shape.count * COLUMNS, keep * COLUMNS);
      const fresh = (shape.count - shape.from) * COLUMNS;
      buckets.set(numbers.subarray(at, at + fresh), shape.from * COLUMNS);
      at += fresh;
      return { ...shape, buckets, smooth: look.smoothing > 0 ? smooth(buckets, look.smoothing) : null };
    });
    this.look = look;
    if (this.plot && before === this.signature()) this.rescale();
    else this.build();
    this.took('catchup:curves', began);
    this.tellSight();
  }

  // What does not reach the server, because the connection is just away, is told with the next update.
  tellSight() {
    const inSight = this.near && !document.hidden;
    if (inSight === this.inSight) return;
    this.inSight = inSight;
    this.page.invokeMethodAsync('SightedAsync', inSight).catch(() => this.inSight = !inSight);
  }

  // For the browser's performance tools; only the last of each is kept, for a page may stay open for days.
  took(name, began) {
    performance.clearMeasures(name);
    performance.measure(name, { start: began, end: performance.now(), detail: { series: this.series.length } });
  }

  signature() {
    return JSON.stringify([this.series.map(series => series.label), this.look.axis, this.look.xLabel, this.look.yLabel, this.look.log, this.look.logX]);
  }

  labels() {
    return this.series.map(series => series.label);
  }

  rescale() {
    const x = xRange(this.series, this.look);
    const y = yRange(this.series, this.look, x);
    this.ranges = { x, y };
    // For whoever cannot see the canvas and wants to know what is seen, and how far the curves reach.
    this.host.dataset.range = x.join(' ');
    const ends = this.series.filter(one => one.count > 0).map(one => one.buckets[(one.count - 1) * COLUMNS + END]);
    this.host.dataset.last = ends.length > 0 ? Math.max(...ends) : '';
    this.plot.batch(() => {
      this.plot.setScale('x', { min: x[0], max: x[1] });
      this.plot.setScale('y', { min: y[0], max: y[1] });
      // Ranges may be what they were while the curves are not.
      this.plot.redraw(false, false);
    });
  }

  build() {
    this.plot?.destroy();
    this.tip = null;
    const room = this.makeRoom();
    const x = xRange(this.series, this.look);
    const y = yRange(this.series, this.look, x);
    this.ranges = { x, y };
    const { look } = this;
    this.plot = new uPlot({
      ...this.size(),
      // The curves are drawn here; uPlot has the axes, the cursor and the zoom, and gets one series without values.
      series: [{}, { scale: 'y', points: { show: false } }],
      legend: { show: false },
      padding: [10, room, 0, 0],
      scales: {
        x: { time: false, auto: false, distr: look.logX ? 3 : 1, log: 10 },
        y: { auto: false, distr: look.log ? 3 : 1, log: 10 },
      },
      axes: axes(look.xLabel, look.yLabel, {
        x: {
          splits: (plot, axis, low, high) => xTicks(look, low, high, Math.max(3, Math.floor(plot.bbox.width / devicePixelRatio / 80))),
          values: (plot, ticks) => ticks.map(tick => xTickText(look, tick)),
          filter: (plot, ticks) => ticks,
        },
        y: look.log ? { splits: (plot, axis, low, high) => logTicks(low, high), filter: (plot, ticks) => ticks } : {},
      }),
      cursor: {
        y: false,
        points: { show: false },
        drag: { x: true, y: false, setScale: false, dist: 4 },
        bind: { dblclick: () => () => this.zoom(null, null), mouseleave: () => () => this.leave() },
      },
      hooks: {
        ready: [plot => this.makeTip(plot)],
        drawAxes: [plot => this.draw(plot)],
        draw: [plot => this.drawLabels(plot, this.ends(plot))],
        setCursor: [plot => this.hover(plot)],
        setSelect: [plot => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          this.zoom(from, to);
        }],
      },
    }, [[x[0], x[1]], [null, null]], this.host);
    this.rescale();
  }

  zoom(from, to) {
    if (from !== null) [from, to] = [Math.max(0, Math.floor(from)), Math.ceil(to)];
    if (from !== null && to - from < 1) return;
    this.look = { ...this.look, from, to };
    this.rescale();
    this.page.invokeMethodAsync('ZoomedAsync', from, to);
  }

  draw(plot) {
    const began = performance.now();
    const context = plot.ctx;
    const { left, top, width, height } = plot.bbox;
    const ratio = devicePixelRatio;
    const [toX, toY] = [value => plot.valToPos(value, 'x', true), value => plot.valToPos(value, 'y', true)];
    const standsOut = this.chosen ?? this.focused;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.lineJoin = 'round';
    const trace = points => {
      context.beginPath();
      points.forEach(([x, y], i) => context[i ? 'lineTo' : 'moveTo'](x, y));
    };
    const stroke = (lines, colour, dash, wide) => {
      context.lineWidth = wide * ratio;
      context.setLineDash(dash.map(length => length * ratio));
      context.strokeStyle = context.fillStyle = colour;
      for (const points of lines) {
        if (points.length === 1) {
          context.beginPath();
          context.arc(points[0][0], points[0][1], 2.5 * ratio, 0, 7);
          context.fill();
        } else {
          trace(points);
          context.stroke();
        }
      }
      context.setLineDash([]);
    };

    // The one that stands out is drawn last, over the others.
    const order = [...this.series].sort((a, b) => (a.key === standsOut) - (b.key === standsOut));
    for (const one of order) {
      const colour = colourOf(one.colour);
      const faded = standsOut !== null && one.key !== standsOut;
      const dim = faded ? 0.16 : 1;
      const drawn = parts(one, this.look, this.ranges, toX, toY);
      context.fillStyle = fade(colour, one.key === standsOut ? 0.3 : shade(this.series.length, drawn.smooth !== null) * dim);
      for (const band of drawn.bands) {
        trace(band);
        context.fill();
      }
      const wide = (this.series.length > 16 ? 1.1 : 1.5) + (one.key === standsOut ? 1 : 0);
      stroke(drawn.raw, fade(colour, (drawn.smooth ? 0.28 : 1) * dim), dashOf(one.dash), drawn.smooth ? 1 : wide);
      if (drawn.smooth) stroke(drawn.smooth, fade(colour, dim), dashOf(one.dash), wide + 0.5);
      this.drawMarks(context, plot, drawn, fade(colour, faded ? 0.3 : 1));
    }
    context.restore();
    this.took('catchup:draw', began);
  }

  // A cross at the upper edge wherever a value was NaN or infinite, a tick at the lower one where a run was taken up again.
  drawMarks(context, plot, drawn, colour) {
    const arm = 3.5 * devicePixelRatio;
    const { top, height } = plot.bbox;
    context.strokeStyle = colour;
    context.lineWidth = 1.6 * devicePixelRatio;
    context.beginPath();
    for (const x of drawn.crosses) {
      const y = top + arm * 2;
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x + arm, y - arm);
      context.lineTo(x - arm, y + arm);
    }
    for (const x of drawn.restarts) {
      context.moveTo(x, top + height);
      context.lineTo(x, top + height - 9 * devicePixelRatio);
    }
    context.stroke();
  }

  ends(plot) {
    const to = this.ranges.x[1];
    const ends = [];
    for (const series of this.series) {
      for (let i = series.buckets.length - COLUMNS; i >= 0; i -= COLUMNS) {
        const value = series.smooth ? series.smooth[i / COLUMNS] : series.buckets[i + VALUE];
        if (series.buckets[i + END] > to || Number.isNaN(value) || (this.look.log && value <= 0)) continue;
        ends.push({ label: series.label, colour: colourOf(series.colour), y: plot.valToPos(value, 'y', true) });
        break;
      }
    }
    return ends;
  }

  // What the curves have at a place: a row each, the largest value first.
  rows(plot, at) {
    const left = plot.valToPos(at, 'x');
    const rows = [];
    for (const series of this.series) {
      const index = nearest(series.buckets, at);
      if (index < 0) continue;
      const bucket = series.buckets.subarray(index * COLUMNS, index * COLUMNS + COLUMNS);
      // A curve that ended long before the pointer has no value there.
      const away = Math.abs(plot.valToPos(bucket[END], 'x') - left);
      if (away > NEAR && (at > series.buckets[series.buckets.length - COLUMNS + END] || at < series.buckets[START])) continue;
      const smoothed = series.smooth ? series.smooth[index] : null;
      const value = smoothed ?? bucket[VALUE];
      rows.push({ key: series.key, label: series.label, colour: colourOf(series.colour), value, at: bucket[END], text: Number.isNaN(value) ? 'not finite' : format(value), note: this.note(series, bucket, smoothed), y: plot.valToPos(value, 'y') });
    }
    return rows.sort((a, b) => (Number.isNaN(b.value) ? -Infinity : b.value) - (Number.isNaN(a.value) ? -Infinity : a.value));
  }

  note(series, bucket, smoothed) {
    const notes = [];
    if (this.look.axis !== 'step') notes.push(`step ${bucket[STEP].toLocaleString('en-US')}`);
    if (smoothed !== null && !Number.isNaN(bucket[VALUE])) notes.push(`raw ${format(bucket[VALUE])}`);
    if (series.meanOf > 0) {
      notes.push(`mean of ${bucket[COUNT]} of ${series.meanOf} runs`);
      notes.push(`95 %: ${format(bucket[LOW])} to ${format(bucket[HIGH])}`);
      if (bucket[BAD] > 0) notes.push(`${bucket[BAD]} not finite`);
    } else {
      if (series.width > 1 && !Number.isNaN(bucket[LOW])) notes.push(`${format(bucket[LOW])} to ${format(bucket[HIGH])}`);
      if (bucket[BAD] > 0) notes.push(series.width > 1 ? `${bucket[BAD]} of ${bucket[COUNT]} points up to step ${bucket[STEP].toLocaleString('en-US')} not finite` : 'NaN or ∞');
    }
    return notes.join(' · ');
  }

  hover(plot) {
    const { left, top } = plot.cursor;
    if (!this.ranges || left < 0 || this.series.length === 0) {
      if (this.tip) this.tip.hidden = true;
      this.focus(null);
      return;
    }
    if (this.follows) {
      if (this.tip) this.tip.hidden = true;
      return;
    }
    const at = plot.posToVal(left, 'x');
    const rows = this.rows(plot, at);
    const near = this.series.length < 2 ? null : rows.reduce((best, row) => Number.isNaN(row.y) || (best && Math.abs(best.y - top) <= Math.abs(row.y - top)) ? best : row, null);
    this.focus(near && Math.abs(near.y - top) <= NEAR ? near.key : null);
    const place = rows.reduce((best, row) => best === null || Math.abs(row.at - at) < Math.abs(best - at) ? row.at : best, null);
    const restarts = this.series.flatMap(series => series.marks.filter(mark => Math.abs(plot.valToPos(mark.at, 'x') - left) < 7).map(mark => this.series.length > 1 ? `${series.label}: ${mark.text}` : mark.text));
    this.showTip(plot, place === null ? '' : formatPlace(this.look, place), rows.map(row => ({ ...row, strong: row.key === this.focused })), restarts);
    this.lead(at);
  }

  // The cursors of the page's other charts over the same axis go along.
  lead(at) {
    for (const other of charts) {
      if (other === this || !other.plot || !other.ranges || other.look.xLabel !== this.look.xLabel) continue;
      other.follows = true;
      const [low, high] = other.ranges.x;
      other.plot.setCursor(at === null || at < low || at > high ? { left: -10, top: -10 } : { left: other.plot.valToPos(at, 'x'), top: 0 });
      other.follows = false;
    }
  }

  leave() {
    if (!this.plot) return;
    this.at = null;
    this.plot.setCursor({ left: -10, top: -10 });
    this.lead(null);
  }

  focus(key) {
    if (this.focused === key) return;
    this.focused = key;
    this.plot.redraw(false, false);
  }

  // In the legend.
  choose(key) {
    if (this.chosen === key || !this.plot) return;
    this.chosen = key;
    this.plot.redraw(false, false);
  }

  key(event) {
    if (!this.plot || !this.ranges || this.series.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const { plot } = this;
    const width = plot.over.clientWidth;
    const here = this.at ?? null;
    const act = {
      ArrowLeft: () => this.read(here, -1, event.shiftKey ? 40 : 1),
      ArrowRight: () => this.read(here, 1, event.shiftKey ? 40 : 1),
      Home: () => this.read(null, 1, 0),
      End: () => this.read(null, -1, 0),
      '+': () => this.magnify(here, width, 0.5),
      '=': () => this.magnify(here, width, 0.5),
      '-': () => this.magnify(here, width, 2),
      0: () => this.zoom(null, null),
      Escape: () => this.leave(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  // To the next drawn value in a direction that lies at least so many pixels away.
  read(here, direction, pixels) {
    const { plot } = this;
    const [low, high] = this.ranges.x;
    const from = here === null ? (direction > 0 ? -1 : plot.over.clientWidth + 1) : plot.valToPos(here, 'x');
    let next = null;
    for (const { buckets } of this.series) {
      for (let i = END; i < buckets.length; i += COLUMNS) {
        const place = buckets[i];
        if (place < low || place > high) continue;
        const away = (plot.valToPos(place, 'x') - from) * direction;
        if (away >= pixels && (next === null || (place - next) * direction < 0)) next = place;
      }
    }
    if (next === null) return;
    this.at = next;
    plot.setCursor({ left: plot.valToPos(next, 'x'), top: plot.over.clientHeight / 2 });
    const rows = this.rows(plot, next);
    const said = this.figure?.querySelector('.chart-said');
    if (said) said.textContent = `${formatPlace(this.look, next)}: ${rows.slice(0, 8).map(row => `${row.label} ${row.text}${row.note ? ` (${row.note})` : ''}`).join(', ')}${rows.length > 8 ? `, and ${rows.length - 8} more` : ''}`;
  }

  magnify(here, width, factor) {
    const at = here === null ? width / 2 : this.plot.valToPos(here, 'x');
    const [from, to] = [at - at * factor, at + (width - at) * factor].map(place => this.plot.posToVal(place, 'x'));
    const whole = xRange(this.series, { ...this.look, from: null, to: null });
    if (factor > 1 && (from <= whole[0] && to >= whole[1])) this.zoom(null, null);
    else this.zoom(from, to);
  }
}

export const metricChart = (host, page) => new CurveChart(host, page);
