/**
 * Marks rows of a table, for doing the same to many: one row, or all from the
 * row that was marked last. The bar below says how many are marked; what looks
 * or runs rests until something is chosen for it. Whether the bar is shown is
 * the styles' own: it needs no script.
 */
import { all, fill, first, onPage } from './dom.ts';

/** What says how cases would change; a moment or a value alone says nothing. */
const CHANGES = '.k-bulk :is(select, input)[name]:not([name=until], [name=value], [name=macro])';
const MACRO = '.k-bulk [name=macro]';

let last: HTMLInputElement | null = null;

const boxes = (): HTMLInputElement[] => all('[data-marks] tbody input[type=checkbox]') as HTMLInputElement[];

/** The box of the row that the person is in. */
function here(known: HTMLInputElement[]): HTMLInputElement | undefined {
  const row = document.activeElement?.closest('tr');
  return known.find((box) => row && row.contains(box));
}

export function mark(range: boolean): void {
  const known = boxes();
  const box = here(known);
  if (!box) return;
  const at = known.indexOf(box);
  const from = range && last?.isConnected ? known.indexOf(last) : at;
  const on = from === at ? !box.checked : Boolean(last?.checked);
  for (const one of known.slice(Math.min(from, at), Math.max(from, at) + 1)) one.checked = on;
  last = box;
  tell();
}

const isChosen = (form: HTMLElement, fields: string): boolean =>
  all(fields, form).some((field) => (field as HTMLInputElement | HTMLSelectElement).value.trim() !== '');

/** Says how many are marked, and lets pressed be what would do something. */
function tell(): void {
  const form = first('form[data-marks]');
  if (!form) return;
  const count = first('[data-marks-count]', form);
  const whole = form.querySelector<HTMLInputElement>('[name=all]')?.checked;
  const marked = boxes().filter((box) => box.checked).length;
  const said = whole ? count?.dataset.marksAll : fill(count?.dataset.marksCount ?? '', { n: marked });
  if (count && count.textContent !== said) count.textContent = said ?? '';
  const chosen: Record<string, boolean> = { change: isChosen(form, CHANGES), macro: isChosen(form, MACRO) };
  for (const button of all('button[data-marks-needs]', form) as HTMLButtonElement[])
    button.disabled = !chosen[button.dataset.marksNeeds ?? ''];
}

export function startMarks(): void {
  for (const event of ['change', 'input'])
    document.addEventListener(event, ({ target }) => {
      if (target instanceof Element && target.closest('[data-marks]')) tell();
    });
  // Who comes back finds the boxes as they were left.
  addEventListener('pageshow', tell);
  onPage(tell);
}
