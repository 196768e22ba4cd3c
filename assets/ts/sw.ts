/**
 * The service worker: shows what the house pushes while no page is open, and leads to it. It keeps nothing and stands
 * in the way of no request.
 */
type Waits = Event & { waitUntil(done: Promise<unknown>): void };
type Pushed = Waits & { data: { json(): Message } | null };
type Clicked = Waits & { notification: Notification };
type Message = { title: string; body: string; url: string; tag: string };
type Page = { url: string; focus(): Promise<Page>; navigate(url: string): Promise<Page | null> };
type Worker = {
  registration: ServiceWorkerRegistration;
  clients: { matchAll(options: object): Promise<Page[]>; openWindow(url: string): Promise<unknown> };
  skipWaiting(): Promise<void>;
  addEventListener(name: string, listener: (event: never) => void): void;
};

const worker = self as unknown as Worker;

function show({ data }: Pushed): Promise<void> {
  const message = data?.json() ?? { title: 'Kitt', body: '', url: '/notices', tag: 'kitt' };
  const { title, body, tag, url } = message;
  return worker.registration.showNotification(title, { body, tag, data: url });
}

/** To the page that is open already, else to a new one. */
async function lead(notification: Notification): Promise<void> {
  notification.close();
  const url = new URL(String(notification.data ?? '/notices'), location.origin);
  // Only pages of this house.
  if (url.origin !== location.origin) return;
  const [page] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  if (!page) return void (await worker.clients.openWindow(url.href));
  // A page that this worker does not control cannot be sent anywhere.
  const there = await page.navigate(url.href).catch(() => null);
  if (there) await there.focus();
  else await worker.clients.openWindow(url.href);
}

worker.addEventListener('install', () => void worker.skipWaiting());
worker.addEventListener('push', (event: Pushed) => event.waitUntil(show(event)));
worker.addEventListener('notificationclick', (event: Clicked) => event.waitUntil(lead(event.notification)));

export {};
