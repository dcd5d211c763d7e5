// Keeps a page through the server's absence: says so calmly, tries again for as long as it takes, and when the server has forgotten the page
// (it was restarted) opens the same address again, with what was typed and how far one had scrolled. The rest of a page's state is its address.
const KEY = 'catchup.return';
const FRESH = 120_000;
const banner = document.getElementById('connection');
const typed = new WeakSet();
let away = false;
let hurry = () => {};

// What the server calls the pages' modules by: one way here and back, where loading a module and calling it would be two.
window.catchup = { call: async (module, name, ...given) => (await import(new URL(module, document.baseURI).href))[name](...given) };

document.addEventListener('input', event => typed.add(event.target), true);
document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') hurry(); });
window.addEventListener('online', () => hurry());
banner.addEventListener('click', event => {
  const wish = event.target instanceof Element ? event.target.closest('[data-connection]')?.dataset.connection : null;
  if (wish === 'retry') hurry();
  if (wish === 'copy') navigator.clipboard.writeText(banner.querySelector('pre')?.textContent ?? '');
  if (wish === 'close') show(null);
});

function show(part) {
  banner.hidden = part === null;
  for (const one of banner.children) one.hidden = one.dataset.part !== part;
}

const pause = milliseconds => new Promise(resolve => {
  const timer = setTimeout(resolve, milliseconds);
  hurry = () => { clearTimeout(timer); resolve(); };
});

async function answers() {
  try {
    return (await fetch('health/live', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

async function wait() {
  if (away) return;
  away = true;
  show('away');
  for (let milliseconds = 300; away; milliseconds = Math.min(milliseconds * 1.5, 3000)) {
    await pause(milliseconds);
    try {
      if (await answers() && !(window.Blazor && await Blazor.reconnect()) && await answers()) {
        comeBack();
        return;
      }
    } catch {
      // It went away again meanwhile.
    }
  }
}

function back() {
  away = false;
  show(null);
}

// An element by what a new drawing of the page gives it again: numbers that a library draws by lot do not count.
function nameOf(element) {
  if (element.id && !element.id.startsWith('mud')) return { id: element.id };
  const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent?.trim();
  return { tag: element.tagName.toLowerCase(), label: label ?? null };
}

function find({ id, tag, label }) {
  if (id) return document.getElementById(id);
  return [...document.querySelectorAll(tag)].find(element => nameOf(element).label === label && !nameOf(element).id) ?? null;
}

function pathOf(element) {
  if (element === document.scrollingElement) return ':root';
  return element.id && !element.id.startsWith('mud') ? `#${CSS.escape(element.id)}` : element.classList.length > 0 ? `${element.tagName.toLowerCase()}.${CSS.escape(element.classList[0])}` : null;
}

function comeBack() {
  const texts = [...document.querySelectorAll('textarea, input')]
    .filter(element => typed.has(element) && (element.localName === 'textarea' || ['text', 'search', 'number', 'email', 'url'].includes(element.type)))
    .map(element => ({ ...nameOf(element), value: element.value, focused: element === document.activeElement, caret: element.selectionStart }));
  const scrolled = [...document.querySelectorAll('*')].filter(element => element.scrollTop > 0 && element.localName !== 'textarea')
    .map(element => ({ path: pathOf(element), top: element.scrollTop })).filter(({ path }) => path !== null);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ address: location.href, at: Date.now(), texts, scrolled }));
  } catch {
    // Storage is full or forbidden: the address alone comes back.
  }
  location.reload();
}

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY) ?? 'null');
    sessionStorage.removeItem(KEY);
    return found && found.address === location.href && Date.now() - found.at < FRESH ? found : null;
  } catch {
    return null;
  }
}

function write(element, { value, focused, caret }) {
  const prototype = element.localName === 'textarea' ? HTMLTextAreaElement.prototype : HTMLInputElement.prototype;
  Object.getOwnPropertyDescriptor(prototype, 'value').set.call(element, value);
  element.dispatchEvent(new Event('input', { bubbles: true }));
  element.dispatchEvent(new Event('change', { bubbles: true }));
  if (focused) {
    element.focus({ preventScroll: true });
    if (caret !== null) element.setSelectionRange?.(caret, caret);
  }
}

// The page draws itself anew in its own time, and may read a draft of its own first: each thing is put back when its place is there, and once more if it is drawn over.
async function putBack({ texts, scrolled }) {
  let touched = false;
  const begin = event => { touched ||= event.isTrusted; };
  for (const kind of ['wheel', 'keydown', 'pointerdown', 'touchstart']) addEventListener(kind, begin, { capture: true, passive: true });
  const left = new Set(texts);
  for (let look = 0; look < 100 && !touched; look++) {
    await new Promise(resolve => setTimeout(resolve, 100));
    for (const text of texts) {
      const element = find(text);
      if (!element || element.readOnly || element.disabled) continue;
      left.delete(text);
      if (element.value !== text.value) write(element, text);
    }
    for (const place of [...scrolled]) {
      const element = place.path === ':root' ? document.scrollingElement : document.querySelector(place.path);
      if (!element || element.scrollHeight - element.clientHeight < place.top) continue;
      element.scrollTop = place.top;
      scrolled.splice(scrolled.indexOf(place), 1);
    }
    if (look > 20 && left.size === 0 && scrolled.length === 0) break;
  }
  for (const kind of ['wheel', 'keydown', 'pointerdown', 'touchstart']) removeEventListener(kind, begin, { capture: true });
  const lost = [...left].filter(text => text.value.trim().length > 0 && find(text)?.value !== text.value);
  if (lost.length > 0) {
    banner.querySelector('pre').textContent = lost.map(text => text.value).join('\n\n');
    show('kept');
  }
}

const before = kept();
if (window.Blazor) {
  try {
    await Blazor.start({ circuit: { reconnectionHandler: { onConnectionDown: wait, onConnectionUp: back } } });
    if (before) await putBack(before);
  } catch {
    wait();
  }
} else {
  // The server went while it was sending the page.
  wait();
}
