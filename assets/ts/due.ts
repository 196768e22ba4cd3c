/** Deadlines as rings and words, kept current while a page stays open. */
import { all, fill, first, now, onPage, word } from './dom.ts';

const MINUTE = 60_000;
const DAY = 24 * 60;

/** The words for a deadline `minutes` away (negative: past); empty where the server's stay. */
function words(ring: HTMLElement, minutes: number): string {
  const distance = Math.abs(minutes);
  if (DAY <= distance) return '';
  const late = minutes < 0 ? 'late' : 'in';
  if (distance < 60) return fill(word(ring, `data-due-${late}-min`), { n: Math.max(1, distance) });
  return fill(word(ring, `data-due-${late}-hour`), { n: Math.floor(distance / 60) });
}

function show(ring: HTMLElement): void {
  const due = Number(ring.dataset.due);
  const from = Number(ring.dataset.dueFrom ?? due);
  const minutes = Math.trunc((due - now()) / MINUTE);
  const late = due <= now();
  const share = from < due ? Math.min(100, Math.max(0, (100 * (now() - from)) / (due - from))) : 100;
  ring.style.setProperty('--p', String(late ? 100 : Math.round(share)));
  ring.classList.toggle('late', late);
  ring.classList.toggle('soon', !late && minutes < Number(ring.dataset.dueSoon ?? 60));
  const text = first('[data-due-text]', ring);
  const said = words(ring, late ? Math.min(-1, minutes) : minutes);
  if (text && said && text.textContent !== said) text.textContent = said;
}

export function startDue(): void {
  const showAll = (): void => all('[data-due]').forEach(show);
  setInterval(showAll, 30_000);
  onPage(showAll);
}
