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
  if (size < 1e-3) return value.toExponential(1).replace('.0', '').replace('e+', 'e');
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
