/**
 * Switches pushes on and off in this browser. The page says the house's key and all words; who logs out is told
 * nothing more here.
 */
import { first, onPage } from './dom.ts';

type Box = HTMLElement & { dataset: { push: string } };

const can = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

const encode = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer(0))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');

async function subscription(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration('/sw.js');
  return (await registration?.pushManager.getSubscription()) ?? null;
}

function say(box: Box, which: 'sayDenied' | 'sayFailed' | 'sayNone' | ''): void {
  const note = first('[data-push-note]', box);
  if (note) note.textContent = which ? (box.dataset[which] ?? '') : '';
}

function offer(box: Box, on: boolean): void {
  const [start, stop] = [first('[data-push-on]', box), first('[data-push-off]', box)];
  if (start) start.hidden = on;
  if (stop) stop.hidden = !on;
}

async function post(path: string, data: object): Promise<void> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
    body: JSON.stringify(data),
  });
  if (!response.ok) throw new Error(String(response.status));
}

async function switchOn(box: Box): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return say(box, 'sayDenied');
  try {
    const registration = await navigator.serviceWorker.register('/sw.js');
    await navigator.serviceWorker.ready;
    const given = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: box.dataset.push,
    });
    await post('/notices/browsers', {
      endpoint: given.endpoint,
      p256dh: encode(given.getKey('p256dh')),
      auth: encode(given.getKey('auth')),
    });
    location.reload();
  } catch {
    say(box, 'sayFailed');
  }
}

async function switchOff(box: Box): Promise<void> {
  try {
    const given = await subscription();
    if (given) {
      await post('/notices/browsers/removal', { endpoint: given.endpoint });
      await given.unsubscribe();
    }
    location.reload();
  } catch {
    say(box, 'sayFailed');
  }
}

async function look(box: Box): Promise<void> {
  if (!can()) return say(box, 'sayNone');
  offer(box, (await subscription()) !== null);
}

export function startPush(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest('[data-push-on], [data-push-off]') : null;
    const box = button?.closest<Box>('[data-push]');
    if (button && box) void (button.matches('[data-push-on]') ? switchOn(box) : switchOff(box));
  });
  document.addEventListener('submit', ({ target }) => {
    // The push service tells the house that nobody is there any more.
    if (target instanceof HTMLElement && target.matches('[data-forget]') && can())
      void subscription().then((given) => given?.unsubscribe());
  });
  onPage(() => {
    const box = first('[data-push]') as Box | null;
    if (box) void look(box).catch(() => say(box, 'sayNone'));
  });
}
