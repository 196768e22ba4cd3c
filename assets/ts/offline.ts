/** The band that says that the server cannot be reached, and that drafts are safe. */
import { first, onPage } from './dom.ts';

let lost = false;

function show(): void {
  const band = first('#offline');
  if (band) band.hidden = !lost && navigator.onLine;
}

/** Something could not be fetched. */
export function unreachable(): void {
  lost = true;
  show();
}

/** Something was fetched: the connection is there. */
export function reachable(): void {
  if (!lost) return;
  lost = false;
  show();
}

export function startOffline(): void {
  addEventListener('offline', show);
  addEventListener('online', () => {
    lost = false;
    show();
  });
  onPage(show);
}
