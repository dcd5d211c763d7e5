// Quality over cost: a metric of images over the number of network evaluations, drawn with uPlot.
import uPlot from '../../lib/uplot/uPlot.esm.js';
import { Chart, FONT, axes, colourOf, dashOf, fade, variable } from './chart.js';
import { linearRange, logTicks } from './numbers.js';

const ROWS = 24;

class FidChart extends Chart {
  constructor(host) {
    super(host);
    this.lines = [];
    this.marks = [];
    this.options = { log: false, name: 'FID', note: '', apart: false };
  }

  // lines: what is measured here. marks: single numbers from elsewhere, as a paper's. apart: nothing is joined, for these are not to be ranked.
  update(lines, marks, options) {
    [this.lines, this.marks, this.options] = [lines, marks, options];
    this.build();
  }

  labels() {
    return this.named().map(line => line.label);
  }

  named() {
    return this.lines.filter(line => !line.faint && line.points.length > 0);
  }

  build() {
    this.plot?.destroy();
    this.plot = null;
    this.tip = null;
    const { log, name, apart } = this.options;
    const all = [...this.lines.flatMap(line => line.points), ...this.marks];
    const nfes = [...new Set(all.map(point => point.x))].sort((a, b) => a - b);
    const room = this.makeRoom();
    if (nfes.length === 0) return;
    // Intervals of what is faint would fill the chart.
    const solid = [...this.lines.filter(line => !line.faint).flatMap(line => line.points), ...this.marks];
    const lows = [...solid.map(point => point.low ?? point.y), ...all.map(point => point.y)].filter(value => !log || value > 0);
    const highs = [...solid.map(point => point.high ?? point.y), ...all.map(point => point.y)];
    const [low, high] = [Math.min(...lows), Math.max(...highs)];
    const range = log
      ? lows.length === 0 ? [0.1, 10] : [low / 1.15, high * 1.15]
      : linearRange(low, high);
    const data = [Float64Array.from(nfes), ...this.lines.map(line => nfes.map(nfe => {
      const point = line.points.find(candidate => candidate.x === nfe);
      return point === undefined ? undefined : log && point.y <= 0 ? null : point.y;
    }))];
    this.plot = new uPlot({
      ...this.size(),
      series: [{}, ...this.lines.map(line => {
        const colour = colourOf(line.colour);
        if (line.faint) return { stroke: fade(variable('--muted'), 0.3), width: 1, points: { show: line.points.length === 1, size: 4, fill: variable('--muted') } };
        const points = { show: true, size: apart ? 8 : 7, width: apart ? 1.5 : 1, fill: apart ? variable('--surface') : colour, stroke: colour };
        return { stroke: colour, width: 1.5, dash: dashOf(line.dash), paths: apart ? () => null : undefined, points };
      })],
      legend: { show: false },
      padding: [10, room, 0, 0],
      scales: {
        x: { time: false, distr: 3, log: 2, range: () => nfes.length === 1 ? [nfes[0] / 2, nfes[0] * 2] : [nfes[0] / 1.12, nfes[nfes.length - 1] * 1.12] },
        y: { distr: log ? 3 : 1, range: () => range },
      },
      axes: axes('NFE (network evaluations per image)', name, {
        x: { splits: () => nfes, filter: (plot, ticks) => ticks, values: (plot, ticks) => this.tickTexts(plot, ticks), space: 10 },
        y: log ? { splits: (plot, axis, from, to) => logTicks(from, to), filter: (plot, ticks) => ticks } : {},
      }),
      cursor: { y: false, drag: { x: false, y: false }, points: { show: false } },
      hooks: {
        ready: [plot => this.makeTip(plot)],
        drawAxes: [plot => this.drawIntervals(plot)],
        draw: [plot => {
          this.drawMarks(plot);
          this.drawLabels(plot, this.named().map(line => ({
            label: line.label, colour: colourOf(line.colour), y: plot.valToPos(line.points[line.points.length - 1].y, 'y', true),
          })));
        }],
        setCursor: [plot => this.hover(plot, nfes)],
      },
    }, data, this.host);
  }

  // Every NFE has its tick; numbers that would run into each other are left out.
  tickTexts(plot, ticks) {
    let right = -Infinity;
    return ticks.map(tick => {
      const at = plot.valToPos(tick, 'x');
      const half = 4 * String(tick).length + 3;
      if (at - half < right) return null;
      right = at + half;
      return String(tick);
    });
  }

  drawIntervals(plot) {
    const context = plot.ctx;
    context.save();
    context.lineWidth = 1.2 * devicePixelRatio;
    const cap = 3 * devicePixelRatio;
    for (const line of this.lines) {
      if (line.faint) continue;
      context.strokeStyle = fade(colourOf(line.colour), 0.8);
      for (const point of line.points) {
        if (point.low === null || point.high === null || point.low === undefined || (this.options.log && point.low <= 0)) continue;
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

  // Hollow diamonds: numbers that nobody measured here.
  drawMarks(plot) {
    const context = plot.ctx;
    const ratio = devicePixelRatio;
    context.save();
    context.lineWidth = 1.5 * ratio;
    context.strokeStyle = variable('--text');
    context.fillStyle = variable('--surface');
    for (const mark of this.marks) {
      if (this.options.log && mark.y <= 0) continue;
      const [x, y, arm] = [plot.valToPos(mark.x, 'x', true), plot.valToPos(mark.y, 'y', true), 6 * ratio];
      context.beginPath();
      context.moveTo(x, y - arm);
      context.lineTo(x + arm, y);
      context.lineTo(x, y + arm);
      context.lineTo(x - arm, y);
      context.closePath();
      context.fill();
      context.stroke();
      context.save();
      context.font = FONT.replace('12px', `${11 * ratio}px`);
      context.fillStyle = variable('--muted');
      context.textAlign = 'center';
      context.fillText('paper', x, y - arm - 4 * ratio);
      context.restore();
    }
    context.restore();
  }

  hover(plot, nfes) {
    const { left, top } = plot.cursor;
    if (left < 0) {
      if (this.tip) this.tip.hidden = true;
      return;
    }
    const nfe = nfes.reduce((best, candidate) => Math.abs(plot.valToPos(candidate, 'x') - left) < Math.abs(plot.valToPos(best, 'x') - left) ? candidate : best);
    let rows = this.lines.flatMap(line => line.points.filter(point => point.x === nfe)
      .map(point => ({ label: line.label, colour: line.faint ? variable('--muted') : colourOf(line.colour), value: point.y, text: point.text, note: point.note })));
    rows.push(...this.marks.filter(mark => mark.x === nfe).map(mark => ({ label: mark.label, colour: variable('--text'), value: mark.y, text: mark.text, note: mark.note })));
    if (rows.length > ROWS) {
      // Of very many, those nearest to the pointer.
      const value = plot.posToVal(top, 'y');
      rows = rows.sort((a, b) => Math.abs(a.value - value) - Math.abs(b.value - value)).slice(0, ROWS);
    }
    rows.sort((a, b) => b.value - a.value);
    this.showTip(plot, this.options.note ? `NFE ${nfe} · ${this.options.note}` : `NFE ${nfe}`, rows);
  }
}

export const fidChart = host => new FidChart(host);
