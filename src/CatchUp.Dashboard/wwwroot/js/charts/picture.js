// A chart as a file: what is drawn as a table (CSV), as a drawing (SVG) and as a picture (PNG). Drawings are in the colours of the light theme, for papers and slides.
import { BAD, COLUMNS, COUNT, END, HIGH, LOW, START, STEP, VALUE, parts, shade, xRange, xTickText, xTicks, yRange, yTicks } from './geometry.js';
import { formatTick } from './numbers.js';

const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#b45a94', '#c98a00', '#3a9fd8', '#1b1f24', '#8f8300'];
const DASHES = ['', '7 4', '2 3', '10 3 2 3', '14 5'];
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "DejaVu Sans", sans-serif';
const [WIDTH, PLOT, LEFT, RIGHT, TOP, LINE] = [960, 420, 74, 20, 44, 20];

// Control characters have no place in XML.
const escape = text => String(text).replace(/[\u0000-\u001f\u007f]/g, ' ').replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
const number = value => Number(value.toFixed(2));
const path = points => points.map(([x, y], i) => `${i ? 'L' : 'M'}${number(x)} ${number(y)}`).join('');

const scale = ([low, high], from, to, log) => {
  const size = log ? Math.log(high / low) : high - low;
  return value => from + (to - from) * (log ? Math.log(Math.max(value, low * 1e-9) / low) : value - low) / size;
};

// Labels in as many columns as fit; where each stands.
function legend(series) {
  const context = document.createElement('canvas').getContext('2d');
  context.font = `12px ${FONT}`;
  const wide = Math.min(WIDTH - 40, Math.max(...series.map(one => context.measureText(one.label).width)) + 44);
  const columns = Math.max(1, Math.floor((WIDTH - 40) / wide));
  return { rows: Math.ceil(series.length / columns), place: index => [20 + (index % columns) * wide, Math.floor(index / columns) * LINE] };
}

export function svg(series, look) {
  const ranges = { x: xRange(series, look) };
  ranges.y = yRange(series, look, ranges.x);
  const [right, bottom] = [WIDTH - RIGHT, TOP + PLOT];
  const [toX, toY] = [scale(ranges.x, LEFT, right, look.logX), scale(ranges.y, bottom, TOP, look.log)];
  const names = legend(series);
  const height = bottom + 58 + names.rows * LINE + 14;
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family='${FONT}' font-size="12" fill="#5b6570">`,
    `<title>${escape(look.title)}</title><rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="26" font-size="15" font-weight="600" fill="#1b1f24">${escape(look.title)}</text>`,
  ];
  const note = [look.smoothing > 0 ? `EMA over ${look.smoothing} ${look.unit}` : '', series.some(one => one.meanOf > 0) ? 'means with 95 % intervals' : ''].filter(Boolean).join(' · ');
  if (note) out.push(`<text x="${right}" y="26" text-anchor="end">${escape(note)}</text>`);
  for (const tick of xTicks(look, ...ranges.x, 8)) out.push(`<line x1="${number(toX(tick))}" x2="${number(toX(tick))}" y1="${TOP}" y2="${bottom + 4}" stroke="#e4e8ec"/><text x="${number(toX(tick))}" y="${bottom + 18}" text-anchor="middle">${escape(xTickText(look, tick))}</text>`);
  for (const tick of yTicks(look, ...ranges.y)) out.push(`<line x1="${LEFT - 4}" x2="${right}" y1="${number(toY(tick))}" y2="${number(toY(tick))}" stroke="#e4e8ec"/><text x="${LEFT - 8}" y="${number(toY(tick) + 4)}" text-anchor="end">${escape(formatTick(tick))}</text>`);
  out.push(`<text x="${(LEFT + right) / 2}" y="${bottom + 38}" text-anchor="middle">${escape(look.xLabel)}${look.logX ? ' (log)' : ''}</text>`);
  out.push(`<text transform="translate(16 ${(TOP + bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(look.yLabel)}${look.log ? ' (log)' : ''}</text>`);
  out.push(`<clipPath id="plot"><rect x="${LEFT}" y="${TOP}" width="${right - LEFT}" height="${PLOT}"/></clipPath><g clip-path="url(#plot)" fill="none" stroke-linejoin="round">`);
  for (const one of series) {
    const [colour, dash] = [COLOURS[one.colour % COLOURS.length], DASHES[one.dash % DASHES.length]];
    const drawn = parts(one, look, ranges, toX, toY);
    const stroke = (lines, width, opacity) => lines.map(points => points.length === 1
      ? `<circle cx="${number(points[0][0])}" cy="${number(points[0][1])}" r="2.5" fill="${colour}" fill-opacity="${opacity}"/>`
      : `<path d="${path(points)}" stroke="${colour}" stroke-width="${width}" stroke-opacity="${opacity}"${dash ? ` stroke-dasharray="${dash}"` : ''}/>`).join('');
    out.push(`<g data-series="${escape(one.key)}">`);
    for (const band of drawn.bands) out.push(`<path d="${path(band)}Z" fill="${colour}" fill-opacity="${shade(series.length, drawn.smooth !== null)}"/>`);
    out.push(drawn.smooth ? stroke(drawn.raw, 1, 0.28) + stroke(drawn.smooth, 2, 1) : stroke(drawn.raw, 1.5, 1));
    for (const x of drawn.crosses) out.push(`<path d="M${number(x - 3.5)} ${TOP + 3.5}l7 7m0 -7l-7 7" stroke="${colour}" stroke-width="1.6"/>`);
    for (const x of drawn.restarts) out.push(`<path d="M${number(x)} ${bottom}v-9" stroke="${colour}" stroke-width="2"/>`);
    out.push('</g>');
  }
  out.push(`</g><path d="M${LEFT} ${TOP}V${bottom}H${right}" stroke="#8b95a1" fill="none"/>`);
  series.forEach((one, index) => {
    const [x, y] = names.place(index);
    const dash = DASHES[one.dash % DASHES.length];
    out.push(`<path d="M${number(x)} ${bottom + 58 + y}h20" stroke="${COLOURS[one.colour % COLOURS.length]}" stroke-width="2"${dash ? ` stroke-dasharray="${dash}"` : ''}/><text x="${number(x + 26)}" y="${bottom + 62 + y}" fill="#1b1f24">${escape(one.label)}</text>`);
  });
  return `${out.join('')}</svg>`;
}

// A spreadsheet would take it for a formula.
const word = text => {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
};

// Exactly what is drawn: the seen part of each curve, one line a drawn value.
export function csv(series, look) {
  const [from, to] = xRange(series, look);
  const place = look.inSeconds || look.axis !== 'step' ? [`${look.xLabel} from`, look.xLabel].map(text => isSeconds(look) ? `${text} (s)` : text) : ['step from', 'step to'];
  const mean = series.some(one => one.meanOf > 0);
  const lines = [['line', 'step', ...place, look.yLabel, ...(look.smoothing > 0 ? [`EMA over ${look.smoothing} ${look.unit}`] : []), 'low', 'high', mean ? 'points, or runs of a mean' : 'points', 'not finite'].map(word).join(',')];
  for (const one of series) {
    const { buckets } = one;
    for (let i = 0; i < buckets.length; i += COLUMNS) {
      if (buckets[i + END] < from || buckets[i + START] > to) continue;
      const text = column => Number.isNaN(buckets[i + column]) ? '' : String(buckets[i + column]);
      const smoothed = look.smoothing > 0 ? [Number.isNaN(one.smooth[i / COLUMNS]) ? '' : String(one.smooth[i / COLUMNS])] : [];
      lines.push([word(one.label), text(STEP), text(START), text(END), text(VALUE), ...smoothed, text(LOW), text(HIGH), text(COUNT), text(BAD)].join(','));
    }
  }
  return `${lines.join('\r\n')}\r\n`;
}

const isSeconds = look => look.inSeconds || look.axis === 'time' || look.axis === 'device';

// The page's policy takes pictures from the host and from data addresses only.
async function png(drawing) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width * 2, image.height * 2];
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise(done => canvas.toBlob(done, 'image/png'));
}

export async function save(format, series, look) {
  const content = format === 'csv' ? new Blob([csv(series, look)], { type: 'text/csv' })
    : format === 'svg' ? new Blob([svg(series, look)], { type: 'image/svg+xml' })
    : await png(svg(series, look));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = `${look.title.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').toLowerCase() || 'chart'}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
