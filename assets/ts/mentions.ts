/** Calling colleagues into a note: `@` and the beginning of a name proposes them. */
import { onPage } from './dom.ts';
import { Suggestions, items } from './suggest.ts';

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
  const suggestions = new Suggestions(
    area,
    async (typed) =>
      (await items<{ name: string }>(area.dataset.mentions ?? '', typed)).map(({ name }) => ({
        title: name,
        detail: '',
      })),
    ({ title }) => insert(area, title),
  );
  area.addEventListener('keydown', (event) => suggestions.key(event));
  area.addEventListener('input', () => {
    const typed = called(area);
    if (typed === null) suggestions.close();
    else suggestions.look(typed);
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
