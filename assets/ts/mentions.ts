/** Calling colleagues into a note: `@` and the beginning of a name proposes them. */
import { onPage } from './dom.ts';
import { Asking, Combobox, items, line } from './combobox.ts';

/** What is being typed behind an `@`, up to the cursor; null if nothing is. */
function called(area: HTMLTextAreaElement): string | null {
  const before = area.value.slice(0, area.selectionStart);
  return /(?:^|[\s(])@([^\s@][^@\n]{0,40})?$/u.exec(before) ? (before.split('@').at(-1) ?? '') : null;
}

function insert(area: HTMLTextAreaElement, name: string): void {
  const end = area.selectionStart;
  const start = area.value.lastIndexOf('@', end - 1);
  area.setRangeText(`@${name} `, start, end, 'end');
  area.dispatchEvent(new Event('input', { bubbles: true }));
}

function attach(area: HTMLTextAreaElement): void {
  const names = new Combobox<{ name: string }>(area, {
    row: ({ name }) => line(name, ''),
    take: ({ name }) => insert(area, name),
    name: () => area.labels?.[0]?.textContent?.trim() ?? '',
    tab: true,
    asking: () => asking,
  });
  const asking = new Asking(
    async () => {
      const typed = called(area);
      return typed === null ? [] : items<{ name: string }>(area.dataset.mentions ?? '', typed);
    },
    (found) => names.show(found),
  );
  area.addEventListener('keydown', (event) => names.key(event));
  area.addEventListener('input', () => {
    asking.drop();
    if (called(area) === null) names.close();
    else asking.later();
  });
}

export function startMentions(): void {
  const known = new WeakSet<Element>();
  onPage(() => {
    for (const area of document.querySelectorAll<HTMLTextAreaElement>('textarea[data-mentions]')) {
      if (known.has(area)) continue;
      known.add(area);
      attach(area);
    }
  });
}
