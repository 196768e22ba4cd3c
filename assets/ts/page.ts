/** Small behaviours without a home of their own. */
import { all, onPage } from './dom.ts';

export function startPage(): void {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLElement) || !target.matches('select, [type=radio], [type=checkbox]')) return;
    const form = target.closest('form');
    if (form?.matches('[data-submit-on-change]')) form.requestSubmit();
  });
  const ended = new WeakSet<Element>();
  onPage(() => {
    for (const box of all('[data-scroll=end]')) {
      if (ended.has(box)) continue;
      ended.add(box);
      box.scrollTop = box.scrollHeight;
    }
  });
}
