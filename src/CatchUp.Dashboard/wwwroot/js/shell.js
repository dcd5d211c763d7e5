// What the frame needs of the browser: the theme, the rail, the keys.
const system = matchMedia('(prefers-color-scheme: dark)');
let layout = null;

const chosenTheme = () => localStorage.getItem('catchup.theme') ?? 'system';
const isDark = () => chosenTheme() === 'dark' || (chosenTheme() !== 'light' && system.matches);

function applyTheme() {
  const dark = isDark();
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.dispatchEvent(new CustomEvent('catchup:theme'));
  return dark;
}

export function start(reference) {
  layout = reference;
  return {
    theme: chosenTheme(),
    dark: applyTheme(),
    collapsed: localStorage.getItem('catchup.rail') === 'collapsed',
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? null,
  };
}

export function stop() {
  layout = null;
}

export function useTheme(theme) {
  if (theme === 'system') localStorage.removeItem('catchup.theme');
  else localStorage.setItem('catchup.theme', theme);
  return applyTheme();
}

export function rememberRail(collapsed) {
  localStorage.setItem('catchup.rail', collapsed ? 'collapsed' : 'wide');
}

export const copy = text => navigator.clipboard.writeText(text);

system.addEventListener('change', () => {
  if (chosenTheme() === 'system') layout?.invokeMethodAsync('SystemThemeChanged', applyTheme());
});

document.addEventListener('keydown', event => {
  const typing = event.target instanceof Element && event.target.closest('input, textarea, select, [contenteditable="true"]');
  const search = document.getElementById('search');
  if ((event.key === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) || (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey)) {
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === '?' && !typing && !event.ctrlKey && !event.metaKey) {
    layout?.invokeMethodAsync('ShowKeysAsync');
  } else if (event.key === 'e' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !document.querySelector('[role="dialog"], dialog[open]')) {
    document.querySelector('main [data-edit]')?.click();
  } else if (event.key === 'Escape' && event.target === search) {
    search.blur();
  }
});

document.addEventListener('click', event => {
  const element = event.target instanceof Element ? event.target : null;
  if (element?.closest('[data-skip]')) {
    // The base address would turn #content into a navigation to the home page.
    event.preventDefault();
    document.getElementById('content')?.focus();
  }
  if (element?.closest('[data-reload]')) location.reload();
});

export function scrollToEnd(element) {
  // After the virtual list has measured itself.
  requestAnimationFrame(() => { if (element) element.scrollTop = element.scrollHeight; });
}

export function revealCurrentTab() {
  const tabs = document.querySelector('.tabs');
  const current = tabs?.querySelector('[aria-current]');
  if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}
