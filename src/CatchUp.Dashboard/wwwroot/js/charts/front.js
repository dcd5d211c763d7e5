// Quality over the hours that it took, a point for each line and NFE: those that nothing beats stand out.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { Chart, FONT, axes, colourOf, fade, variable } from './chart.js';
import { linearRange, linearTicks, logTicks } from './numbers.js';

class FrontChart extends Chart {
  constructor(host) {
    super(host);
    this.points = [];
    this.options = { log: false, name: 'FID', hours: 'Device hours of one run' };
  }

  // points: { x, y, nfe, label, colour, front, text, note }
  update(points, options) {
    [this.points, this.options] = [points, options];
    this.build();
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    this.tip = null;
    const { log, name, hours } = this.options;
    this.shown = this.points.filter(point => !log || point.y > 0);
    if (this.shown.length === 0) return;
    const xs = this.shown.map(point => point.x);
    const ys = this.shown.map(point => point.y);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [low, high] = [Math.min(...ys), Math.max(...ys)];
    // Hours of a short test and of a long run need one axis.
    const wide = left > 0 && right / left > 20;
    const xRange = wide ? [left / 1.3, right * 1.3] : [Math.max(0, left - (right - left || left) * 0.1), right + (right - left || right || 1) * 0.1];
    const yRange = log ? [low / 1.2, high * 1.2] : linearRange(low, high);
    const sorted = [...new Set(xs)].sort((a, b) => a - b);
    this.plot = new uPlot({
      ...this.size(),
      series: [{}, { stroke: 'transparent', points: { show: false } }],
      legend: { show: false },
      padding: [14, 22, 0, 0],
      scales: {
        x: { time: false, distr: wide ? 3 : 1, log: 10, range: () => xRange },
        y: { distr: log ? 3 : 1, range: () => yRange },
      },
      axes: axes(hours, name, {
        x: { splits: (plot, axis, from, to) => wide ? logTicks(from, to) : linearTicks(from, to, Math.max(3, Math.floor(plot.bbox.width / devicePixelRatio / 90))), filter: (plot, ticks) => ticks },
        y: log ? { splits: (plot, axis, from, to) => logTicks(from, to), filter: (plot, ticks) => ticks } : {},
      }),
      cursor: { x: false, y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        ready: [plot => this.makeTip(plot)],
        draw: [plot => this.drawPoints(plot)],
        setCursor: [plot => this.hover(plot)],
      },
    }, [Float64Array.from(sorted), sorted.map(x => this.shown.find(point => point.x === x).y)], this.host);
  }

  drawPoints(plot) {
    const context = plot.ctx;
    const ratio = devicePixelRatio;
    context.save();
    context.font = FONT.replace('12px', `${11 * ratio}px`);
    context.textBaseline = 'middle';
    for (const point of [...this.shown].sort((a, b) => a.front - b.front)) {
      const [x, y] = [plot.valToPos(point.x, 'x', true), plot.valToPos(point.y, 'y', true)];
      const colour = colourOf(point.colour);
      context.beginPath();
      context.arc(x, y, (point.front ? 5 : 3.5) * ratio, 0, 2 * Math.PI);
      context.fillStyle = point.front ? colour : fade(colour, 0.28);
      context.fill();
      if (!point.front) continue;
      context.lineWidth = 1.5 * ratio;
      context.strokeStyle = variable('--text');
      context.stroke();
      context.fillStyle = variable('--text');
      context.fillText(String(point.nfe), x + 8 * ratio, y);
    }
    context.restore();
  }

  hover(plot) {
    const { left, top } = plot.cursor;
    const near = left < 0 ? [] : this.shown
      .map(point => ({ point, distance: Math.hypot(plot.valToPos(point.x, 'x') - left, plot.valToPos(point.y, 'y') - top) }))
      .filter(({ distance }) => distance < 28)
      .sort((a, b) => a.distance - b.distance)
      .slice(0, 6);
    this.showTip(plot, near.length > 1 ? 'the nearest points' : 'this point', near.map(({ point }) => ({
      label: `${point.label}, NFE ${point.nfe}`, colour: colourOf(point.colour), text: point.text, note: point.note,
    })));
  }
}

export const frontChart = host => new FrontChart(host);
