/**
 * Marks rows of a table, for doing the same to many: one row, or all from the
 * row that was marked last.
 */
import { all } from './dom.ts';

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
}
