// Numbers and ticks as the charts write them.
export function format(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return 'NaN';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(2).replace('e+', 'e');
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return String(Number(value.toPrecision(4)));
}

export function formatTick(value) {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(6))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(6))}k`;
  // Three digits: ticks of a narrow axis differ in their last places alone.
  if (size < 1e-3) return Number(value.toPrecision(3)).toExponential();
  return String(Number(value.toPrecision(6)));
}

// Ticks of a logarithmic axis: 1, 2, 5 of each decade, or decades alone, or, within less than a decade, evenly spaced ones.
export function logTicks(low, high) {
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

export function linearTicks(low, high, count) {
  const rough = (high - low) / count;
  if (!(rough > 0)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(digit => digit * power).find(candidate => candidate >= rough * 0.75);
  const ticks = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) ticks.push(Number(tick.toPrecision(12)));
  return ticks;
}

const SPANS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 432000, 864000];

// Ticks of an axis of seconds, at whole seconds, minutes, hours and days.
export function timeTicks(low, high, count) {
  const rough = (high - low) / count;
  const span = SPANS.find(candidate => candidate >= rough * 0.75);
  if (!(rough > 0) || rough < 1 || span === undefined) return linearTicks(low, high, count);
  const ticks = [];
  for (let tick = Math.ceil(low / span) * span; tick <= high; tick += span) ticks.push(tick);
  return ticks;
}

// "2 h 14 min", "1 min 30 s", "4.5 s"
export function formatTime(seconds) {
  const whole = Math.round(seconds);
  if (seconds < 60 && seconds !== whole) return `${Number(seconds.toPrecision(3))} s`;
  const parts = [[Math.floor(whole / 86400), 'd'], [Math.floor(whole / 3600) % 24, 'h'], [Math.floor(whole / 60) % 60, 'min'], [whole % 60, 's']];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(' ');
}

// What an axis shows: from zero, unless that would press everything into its upper half.
export function linearRange(low, high) {
  if (low >= 0 && low < high * 0.5) return [0, high * 1.08 || 1];
  const pad = (high - low) * 0.12 || Math.abs(high) * 0.1 || 1;
  return [low - pad, high + pad];
}
