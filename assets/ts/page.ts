/** Small behaviours without a home of their own. */
import { all, announce, onPage, toast } from './dom.ts';

/**
 * Shows the end of a course, but of what was said last the beginning: what customers wrote since the house
 * answered is still to be read.
 */
export function toLatest(box: HTMLElement): void {
  const said = all('.m', box);
  let start = said.length - 1;
  while (0 < start && said[start]?.matches('.cust, .call') && said[start - 1]?.matches('.cust, .call'))
    start -= 1;
  // Beyond its end a box does not scroll: what fits is shown whole.
  box.scrollTop = said[start]?.offsetTop ?? box.scrollHeight;
}

/** The newest of each course when its page was last shown. */
const ended = new WeakMap<Element, string>();

const newest = (box: HTMLElement): string => all('.m', box).at(-1)?.id ?? '';

/** Shows what the person has just added to a course. */
export function showOwn(): void {
  for (const box of all('[data-scroll=end]')) {
    const before = ended.get(box);
    if (before !== undefined && before !== newest(box)) toLatest(box);
  }
}

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
  onPage(() => {
    const called = document.getElementById(location.hash.slice(1));
    for (const box of all('[data-scroll=end]')) {
      // A link may lead to one message.
      if (!ended.has(box) && called && box.contains(called)) called.scrollIntoView({ block: 'start' });
      else if (!ended.has(box)) toLatest(box);
      ended.set(box, newest(box));
    }
  });
}
