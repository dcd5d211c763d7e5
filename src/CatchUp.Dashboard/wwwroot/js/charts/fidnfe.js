// Quality over cost: a metric of images over the number of network evaluations, drawn with uPlot.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { Chart, axes, colourOf, dashOf, fade } from './chart.js';
import { logTicks } from './numbers.js';

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

export const fidChart = host => new FidChart(host);
