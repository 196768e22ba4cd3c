/** Toasts of the server: they count down while something can be taken back, then go. */
import { all, first, now, onPage } from './dom.ts';

const seen = new WeakMap<HTMLElement, { said: string; at: number }>();

/**
 * When `box` goes. A morph may have turned it into another message, whose time starts anew; so does that of the same
 * words on the next page, which tells when it was made.
 */
function end(box: HTMLElement): number {
  if (box.dataset.undoUntil) return Number(box.dataset.undoUntil);
  const said = `${document.body.dataset.now ?? ''} ${box.textContent ?? ''}`;
  if (seen.get(box)?.said !== said) seen.set(box, { said, at: now() });
  return (seen.get(box)?.at ?? 0) + Number(box.dataset.toast);
}

function tick(): void {
  for (const box of all('[data-undo-until], [data-toast]')) {
    const left = Math.ceil((end(box) - now()) / 1000);
    const words = first('[data-undo-left]', box);
    if (words && words.textContent !== String(Math.max(0, left)))
      words.textContent = String(Math.max(0, left));
    if (left <= 0) box.remove();
  }
}

export function startToasts(): void {
  setInterval(tick, 250);
  onPage(tick);
}
