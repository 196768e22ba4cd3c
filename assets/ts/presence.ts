/**
 * Tells colleagues that this person has a case open, and whether something is
 * being written in it. The answer says who else is there. Nothing is recorded.
 */
import { first, onPage } from './dom.ts';
import { updateInPlace } from './morph.ts';

const BEAT_MS = 20_000;
/** Who has not typed for so long only reads. */
const WRITING_MS = 12_000;

let place = '';
let said = '';
let typedAt = -Infinity;

const doing = (): string => (performance.now() - typedAt < WRITING_MS ? 'writing' : 'reading');

async function say(what: string): Promise<void> {
  if (!place) return;
  const [url, body] = [place, new URLSearchParams({ doing: what })];
  said = what;
  const gone = what === 'gone';
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { Accept: 'text/html' },
      keepalive: gone,
      body,
    });
    if (gone || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const old = first('[data-here]');
    const fresh = old && page.getElementById(old.id);
    if (old?.dataset.here === url && fresh) updateInPlace(old, fresh);
  } catch {
    // Colleagues see it with the next beat.
  }
}

function follow(): void {
  const current = first('[data-here]')?.dataset.here ?? '';
  if (current === place) return;
  void say('gone');
  place = current;
  typedAt = -Infinity;
  if (!document.hidden) void say('reading');
}

export function startPresence(): void {
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof Element) || !target.closest('.conv form, .conv dialog')) return;
    typedAt = performance.now();
    if (said !== 'writing') void say('writing');
  });
  document.addEventListener('visibilitychange', () => void say(document.hidden ? 'gone' : doing()));
  addEventListener('pagehide', () => void say('gone'));
  setInterval(() => {
    if (!document.hidden && said === 'writing' && doing() === 'reading') void say('reading');
  }, 2000);
  setInterval(() => document.hidden || void say(doing()), BEAT_MS);
  onPage(follow);
}
