// Runs before the first drawing, so that a page never appears in the other theme first, or with a rail of another width.
(() => {
  const chosen = localStorage.getItem('catchup.theme') ?? 'system';
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
  document.documentElement.dataset.rail = localStorage.getItem('catchup.rail') ?? 'wide';
})();
