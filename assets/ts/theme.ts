/**
 * Light, dark, or as the system says. Runs before the first paint as its own
 * tiny script (`boot.ts`), and again in the app for the switches.
 */

const NAME = 'kitt-theme';

type Theme = 'light' | 'dark' | 'system';

/** The stored choice; storage may be forbidden, then the system decides. */
function stored(): Theme {
  try {
    const value = localStorage.getItem(NAME);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}

export function applyTheme(theme: Theme = stored()): void {
  const root = document.documentElement;
  if (theme === 'system') delete root.dataset.theme;
  else root.dataset.theme = theme;
}

function choose(theme: Theme): void {
  try {
    localStorage.setItem(NAME, theme);
  } catch {
    // Then the choice lasts until the next page.
  }
  // The cookie lets the server render the right theme at once.
  document.cookie = `${NAME}=${theme}; path=/; max-age=31536000; samesite=lax`;
  applyTheme(theme);
}

function isDark(): boolean {
  const set = document.documentElement.dataset.theme;
  return set ? set === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
}

export function startTheme(onPage: (listener: () => void) => void): void {
  document.addEventListener('click', ({ target }) => {
    if (target instanceof Element && target.closest('[data-theme-toggle]'))
      choose(isDark() ? 'light' : 'dark');
  });
  document.addEventListener('change', ({ target }) => {
    if (target instanceof HTMLSelectElement || target instanceof HTMLInputElement) {
      if (target.matches('[data-theme-select]')) choose(target.value as Theme);
    }
  });
  onPage(() => {
    for (const field of document.querySelectorAll<HTMLSelectElement | HTMLInputElement>(
      '[data-theme-select]',
    )) {
      if (field instanceof HTMLSelectElement) field.value = stored();
      else field.checked = field.value === stored();
    }
  });
}
