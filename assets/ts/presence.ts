/**
 * Tells colleagues that this person has a case open, and what is being written
 * in it. The answer says who else is there and what they write. Nothing is
 * recorded.
 */
import { all, first, onPage } from './dom.ts';
import { put } from './live.ts';

const BEAT_MS = 20_000;
/** Who has not typed for so long only reads. */
const WRITING_MS = 12_000;

/** What somebody does; of who writes what will stand in the case also the kind of it and the contact it is about. */
type Doing = Record<string, string>;

let place = '';
let said = '';
let typedAt = -Infinity;
/** Where was typed last. */
let form: HTMLElement | null = null;

function doing(): Doing {
  if (WRITING_MS <= performance.now() - typedAt) return { doing: 'reading' };
  const what: Doing = { doing: 'writing' };
  const kind = form?.dataset.writes;
  const about = form?.dataset.about;
  if (kind) what.kind = kind;
  if (kind && about) what.about = about;
  return what;
}

async function say(what: Doing): Promise<void> {
  if (!place) return;
  const [url, body] = [place, new URLSearchParams(what)];
  said = body.toString();
  const gone = what.doing === 'gone';
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { Accept: 'text/html' },
      keepalive: gone,
      body,
    });
    if (gone || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    put(
      page,
      all('[data-live-url]').filter(({ dataset }) => dataset.liveUrl === url),
    );
  } catch {
    // Colleagues see it with the next beat.
  }
}

/** As [`say`], if it is not what was said last. */
function sayNews(): void {
  const what = doing();
  if (new URLSearchParams(what).toString() !== said) void say(what);
}

function follow(): void {
  const current = first('[data-here]')?.dataset.here ?? '';
  if (current === place) return;
  void say({ doing: 'gone' });
  place = current;
  typedAt = -Infinity;
  if (!document.hidden) void say({ doing: 'reading' });
}

/** What was written within `end` is sent, or given up. */
function stopped(end: EventTarget | null): void {
  if (!(end instanceof Element) || !form || !end.contains(form)) return;
  typedAt = -Infinity;
  sayNews();
}

export function startPresence(): void {
  document.addEventListener('input', ({ target }) => {
    if (!(target instanceof Element)) return;
    const typed = target.closest<HTMLElement>('.conv form, .conv dialog');
    if (!typed) return;
    typedAt = performance.now();
    form = typed;
    sayNews();
  });
  document.addEventListener('submit', ({ target }) => stopped(target));
  // Does not bubble.
  document.addEventListener('close', ({ target }) => stopped(target), true);
  document.addEventListener(
    'visibilitychange',
    () => void say(document.hidden ? { doing: 'gone' } : doing()),
  );
  addEventListener('pagehide', () => void say({ doing: 'gone' }));
  setInterval(() => {
    if (!document.hidden && said.startsWith('doing=writing')) sayNews();
  }, 2000);
  setInterval(() => document.hidden || void say(doing()), BEAT_MS);
  onPage(follow);
}
