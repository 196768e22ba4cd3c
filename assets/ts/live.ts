/**
 * What others do appears without reloading. One tab per browser holds the event
 * stream and tells the others (HTTP/1.1 allows few connections); each tab
 * fetches its own page again and morphs the regions that care.
 */
import { all, announce, onPage, pageChanged } from './dom.ts';
import { updateInPlace } from './morph.ts';
import { reachable, unreachable } from './offline.ts';
import { keepPlaces } from './thread.ts';

const EVERYTHING = '*';
/** Not the same for all who look at a list: the server would be asked by all of them at one moment. */
const gatherMs = (): number => 10 + Math.random() * 80;
const pauseMs = (): number => 150 + Math.random() * 100;
const RETRY_MS = 30_000;

const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel('kitt-live') : null;
const due = new Set<string>();
/** Regions that will be refreshed in a while. */
const resting = new Set<string>();

let running: AbortController | null = null;
let waiting = false;

const regions = (): HTMLElement[] => all('[data-live][id]');

/** `case` listens to every case, `case:17` to one; news of all cases concerns both. */
function listens(region: HTMLElement, topic: string): boolean {
  return (region.dataset.live ?? '')
    .split(/\s+/)
    .some(
      (token) =>
        token !== '' &&
        (topic === EVERYTHING ||
          topic === token ||
          topic.startsWith(`${token}:`) ||
          token.startsWith(`${topic}:`)),
    );
}

function changed(topics: string[]): void {
  for (const topic of topics) due.add(topic);
  if (waiting) return;
  waiting = true;
  setTimeout(() => void catchUp(), gatherMs());
}

async function seen(): Promise<void> {
  while (document.hidden) {
    await new Promise((looked) => document.addEventListener('visibilitychange', looked, { once: true }));
  }
}

/** Figures of many cases change all the time and are counted now and then: `data-live-every` seconds gather the news. */
function later({ id, dataset }: HTMLElement): void {
  if (resting.has(id)) return;
  resting.add(id);
  setTimeout(() => void again(id), Number(dataset.liveEvery) * 1000);
}

async function again(id: string): Promise<void> {
  await seen();
  resting.delete(id);
  const region = document.getElementById(id);
  if (region?.dataset.liveEvery) await refresh([region]).catch(unreachable);
}

/** Refreshes what became due; a hidden tab waits until someone looks at it. */
async function catchUp(): Promise<void> {
  await seen();
  const topics = [...due];
  due.clear();
  const concerned = regions().filter((region) => topics.some((topic) => listens(region, topic)));
  const soon = concerned.filter(({ dataset }) => dataset.liveEvery === undefined);
  for (const region of concerned) if (!soon.includes(region)) later(region);
  if (soon.length) await refresh(soon).catch(unreachable);
  await new Promise((later) => setTimeout(later, pauseMs()));
  // What came meanwhile was gathered long enough.
  if (due.size) return catchUp();
  waiting = false;
}

const here = (): string => location.pathname + location.search;

/** Fetches each address once: a region may name one of its own, which costs the server less than the whole page. */
async function refresh(concerned: HTMLElement[]): Promise<void> {
  const whole = concerned.filter((region) => region.dataset.liveUrl === undefined);
  const own = concerned.filter(
    (region) =>
      region.dataset.liveUrl !== undefined &&
      !whole.some((other) => other !== region && other.contains(region)),
  );
  // Several places of a page may show parts of one answer.
  const addresses = new Set(own.map(({ dataset }) => dataset.liveUrl ?? ''));
  await Promise.all([
    ...(whole.length ? [renew(here(), whole)] : []),
    ...[...addresses].map((address) =>
      renew(
        address,
        own.filter(({ dataset }) => dataset.liveUrl === address),
      ),
    ),
  ]);
}

async function renew(address: string, concerned: HTMLElement[]): Promise<void> {
  const asked = here();
  const response = await fetch(address, {
    headers: { Accept: 'text/html', 'HX-Request': 'true', 'Kitt-Live': '1' },
  });
  reachable();
  if (!response.ok || response.redirected) return;
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  // The person may have moved on while the answer travelled.
  if (asked !== here()) return;
  const news = put(page, concerned);
  pageChanged();
  announce(news);
}

/** Puts the parts of a fetched page in their places, where nothing moves that one reads; what is to be said of them. */
export function put(page: Document, concerned: HTMLElement[]): string {
  const news: string[] = [];
  keepPlaces(() => {
    for (const region of concerned) {
      // A region inside another one is updated with it.
      if (!region.isConnected || concerned.some((other) => other !== region && other.contains(region)))
        continue;
      const fresh = page.getElementById(region.id);
      if (!fresh) continue;
      if (brings(region, fresh)) news.push(fresh.dataset.liveSay ?? '');
      updateInPlace(region, fresh);
    }
  });
  return news.find(Boolean) ?? '';
}

/** Whether `fresh` contains something that was not there; what has an address of its own is no news of what is around it. */
function brings(old: HTMLElement, fresh: HTMLElement): boolean {
  const known = new Set(all('[id]', old).map(({ id }) => id));
  const own = (element: HTMLElement): boolean =>
    all('[data-live-url]', fresh).some((part) => part.contains(element));
  return all('[id]', fresh).some((element) => !known.has(element.id) && !own(element));
}

/** Holds the stream until `signal` ends it; `inherited` from a tab that was closed, so that something may be missed. */
function stream(signal: AbortSignal, inherited: boolean): Promise<void> {
  return new Promise((ended) => {
    let source: EventSource;
    let broken = inherited;
    const tell = (topics: string[]): void => {
      changed(topics);
      channel?.postMessage(topics);
    };
    const open = (): void => {
      if (signal.aborted) return;
      source = new EventSource('/live');
      source.addEventListener('change', (event) =>
        tell((JSON.parse(event.data) as { topics: string[] }).topics),
      );
      source.addEventListener('open', () => {
        // What happened while the line was broken is unknown.
        if (broken) tell([EVERYTHING]);
        broken = false;
      });
      source.addEventListener('error', () => {
        broken = true;
        if (source.readyState === EventSource.CLOSED) setTimeout(open, RETRY_MS);
      });
    };
    signal.addEventListener('abort', () => {
      source.close();
      ended();
    });
    open();
  });
}

/** Waits until this tab is the one that holds the stream. */
async function lead(signal: AbortSignal): Promise<void> {
  const asked = performance.now();
  await navigator.locks.request('kitt-live', { signal }, () =>
    stream(signal, 1000 < performance.now() - asked),
  );
}

function start(): void {
  running = new AbortController();
  const { signal } = running;
  // Without locks (plain HTTP to another machine) every tab has its own stream.
  if (!navigator.locks || !channel) void stream(signal, false);
  else void lead(signal).catch(() => undefined);
}

export function startLive(): void {
  channel?.addEventListener('message', ({ data }: MessageEvent<string[]>) => changed(data));
  onPage(() => {
    const wanted = Boolean(document.body.dataset.user);
    if (wanted && !running) start();
    if (!wanted && running) {
      running.abort();
      running = null;
    }
  });
}
