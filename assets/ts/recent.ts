/** What this person searched and opened last, kept in this browser only. */

const MOST = 8;

const key = (list: string): string => `kitt-recent-${list}-${document.body.dataset.user ?? ''}`;

/** The entries of a list, newest first. */
export function recent<T>(list: string): T[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key(list)) ?? '[]');
    return Array.isArray(kept) ? (kept as T[]) : [];
  } catch {
    return [];
  }
}

/** Puts an entry first; `same` tells which older one it replaces. */
export function remember<T>(list: string, entry: T, same: (other: T) => boolean): void {
  const others = recent<T>(list).filter((other) => !same(other));
  try {
    localStorage.setItem(key(list), JSON.stringify([entry, ...others].slice(0, MOST)));
  } catch {
    // Without storage nothing is remembered; the search works all the same.
  }
}
