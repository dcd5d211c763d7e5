// What curves look like, in plain numbers: the same for the screen and for a picture of it.
import { formatTick, formatTime, linearTicks, logTicks, timeTicks } from './numbers.js';

// Columns of a bucket, as the server sends them.
export const COLUMNS = 8;
export const [STEP, START, END, LOW, HIGH, VALUE, COUNT, BAD] = [0, 1, 2, 3, 4, 5, 6, 7];

export const isTime = look => look.axis === 'time' || look.axis === 'device' || look.inSeconds;

export const formatPlace = (look, place) => isTime(look) ? formatTime(place) : `${look.xLabel} ${place.toLocaleString('en-US', { maximumFractionDigits: 1 })}`;

// The moving average of the drawn values: an exponential one whose weights have the same mean age as a plain one over the window.
export function smooth(buckets, window) {
  const smoothed = new Float64Array(buckets.length / COLUMNS);
  const alpha = 2 / (window + 1);
  let mean = NaN;
  for (let i = 0; i < smoothed.length; i++) {
    const value = buckets[i * COLUMNS + VALUE];
    if (!Number.isNaN(value)) mean = Number.isNaN(mean) ? value : mean + alpha * (value - mean);
    smoothed[i] = Number.isNaN(value) ? NaN : mean;
  }
  return smoothed;
}

export function xRange(series, look) {
  const { from, to, logX } = look;
  if (from !== null && from !== undefined && to !== null && to !== undefined && (!logX || to > 0)) return [logX ? Math.max(from, to / 1e6, 1e-3) : from, to];
  let low = Infinity;
  let high = -Infinity;
  for (const { buckets } of series) {
    for (let i = 0; i < buckets.length; i += COLUMNS) {
      if (logX && buckets[i + END] <= 0) continue;
      low = Math.min(low, logX && buckets[i + START] <= 0 ? buckets[i + END] : buckets[i + START]);
      break;
    }
    if (buckets.length > 0) high = Math.max(high, buckets[buckets.length - COLUMNS + END]);
  }
  if (!(low <= high)) return logX ? [1, 10] : [0, 1];
  if (low === high) return logX ? [low / 2, high * 2] : [low - 0.5, high + 0.5];
  return [low, high];
}

// Exact extremes of what is visible, bands included.
export function yRange(series, look, [from, to]) {
  const { log } = look;
  let low = Infinity;
  let high = -Infinity;
  for (const { buckets } of series) {
    for (let i = 0; i < buckets.length; i += COLUMNS) {
      if (buckets[i + END] < from || buckets[i + START] > to) continue;
      const [min, max] = [buckets[i + LOW], buckets[i + HIGH]];
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

export function xTicks(look, low, high, count) {
  if (look.logX) return logTicks(low, high);
  if (isTime(look)) return timeTicks(low, high, count);
  const ticks = linearTicks(low, high, count);
  return look.axis === 'step' ? ticks.filter(Number.isInteger) : ticks;
}

export const xTickText = (look, tick) => isTime(look) ? formatTime(tick) : formatTick(tick);

export const yTicks = (look, low, high) => look.log ? logTicks(low, high) : linearTicks(low, high, 6);

// The first and the last bucket to draw: those seen, and one more on both sides for the lines that run off the edges.
function seen(buckets, from, to) {
  const count = buckets.length / COLUMNS;
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (buckets[middle * COLUMNS + END] < from) low = middle + 1;
    else high = middle;
  }
  const first = Math.max(0, low - 1);
  let last = low;
  while (last < count && buckets[last * COLUMNS + START] <= to) last++;
  return [first, Math.min(last, count - 1)];
}

// Parts of one curve, from behind to the front. toX and toY turn values into places of the picture.
export function parts(one, look, ranges, toX, toY) {
  const { buckets } = one;
  const [[from, to], [floor]] = [ranges.x, ranges.y];
  const [first, last] = seen(buckets, from, to);
  const left = look.logX ? from : -Infinity;
  const has = i => !look.logX || buckets[i * COLUMNS + END] > 0;
  const bands = [];
  if (one.width > 1 || one.meanOf > 0) {
    let edge = [];
    const flush = () => {
      if (edge.length > 0) bands.push([...edge.map(([x, , high]) => [x, high]), ...edge.reverse().map(([x, low]) => [x, low])]);
      edge = [];
    };
    for (let i = first; i <= last; i++) {
      const at = i * COLUMNS;
      const [low, high] = [buckets[at + LOW], buckets[at + HIGH]];
      if (Number.isNaN(low) || (look.log && high <= 0) || !has(i)) {
        flush();
        continue;
      }
      const [bottom, top] = [toY(look.log && low <= 0 ? floor : low), toY(high)];
      // Both ends: between its first and its last point a bucket is as high as its extremes all along.
      edge.push([toX(Math.max(left, buckets[at + START])), bottom, top]);
      if (buckets[at + END] !== buckets[at + START]) edge.push([toX(buckets[at + END]), bottom, top]);
    }
    flush();
  }

  const line = value => {
    const lines = [];
    let points = [];
    for (let i = first; i <= last; i++) {
      const y = value(i);
      if (Number.isNaN(y) || (look.log && y <= 0) || !has(i)) {
        if (points.length > 0) lines.push(points);
        points = [];
      } else {
        points.push([toX(buckets[i * COLUMNS + END]), toY(y)]);
      }
    }
    if (points.length > 0) lines.push(points);
    return lines;
  };

  const crosses = [];
  for (let i = first; i <= last; i++) if (buckets[i * COLUMNS + BAD] > 0 && has(i) && buckets[i * COLUMNS + END] >= from && buckets[i * COLUMNS + END] <= to) crosses.push(toX(buckets[i * COLUMNS + END]));
  return {
    bands,
    raw: line(i => buckets[i * COLUMNS + VALUE]),
    smooth: one.smooth ? line(i => one.smooth[i]) : null,
    crosses,
    restarts: one.marks.filter(mark => mark.at >= from && mark.at <= to && (!look.logX || mark.at > 0)).map(mark => toX(mark.at)),
  };
}

// How dense the shade of one curve is: those of many lie upon each other.
export const shade = (curves, smoothed) => smoothed ? 0.1 : curves > 16 ? 0.06 : 0.2;

// The bucket whose drawn value lies nearest to a place on the axis; -1 where there is none.
export function nearest(buckets, at) {
  let low = 0;
  let high = buckets.length / COLUMNS - 1;
  if (high < 0) return -1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (buckets[middle * COLUMNS + END] <= at) low = middle;
    else high = middle;
  }
  return Math.abs(buckets[low * COLUMNS + END] - at) <= Math.abs(buckets[high * COLUMNS + END] - at) ? low : high;
}
