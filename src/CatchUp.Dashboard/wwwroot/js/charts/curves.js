// Curves of metrics over steps, drawn with uPlot.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { Chart, axes, colourOf, dashOf, fade } from './chart.js';
import { format, linearTicks, logTicks } from './numbers.js';

const COLUMNS = 5;

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

export const metricChart = (host, page, xLabel, yLabel) => new MetricChart(host, page, xLabel, yLabel);
