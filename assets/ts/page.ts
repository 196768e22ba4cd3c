/** Small behaviours without a home of their own. */
import { announce, toast } from './dom.ts';

/** Copies the address that `button` names, as others can open it. */
async function copy(button: HTMLElement): Promise<void> {
  const address = new URL(button.dataset.copy ?? '', location.href).href;
  await navigator.clipboard.writeText(address);
  toast(button.dataset.copied ?? '');
  announce(button.dataset.copied ?? '');
}

export function startPage(): void {
  document.addEventListener('click', ({ target }) => {
    const button =
      target instanceof Element ? target.closest<HTMLElement>('[data-copy], [data-print]') : null;
    if (button?.matches('[data-print]')) print();
    // Without the permission nothing is copied; the address still stands above the page.
    else if (button) void copy(button).catch(() => undefined);
  });
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('select, [type=radio], [type=checkbox]')) return;
    const form = target.closest('form');
    if (form?.matches('[data-submit-on-change]')) form.requestSubmit();
  });
}
