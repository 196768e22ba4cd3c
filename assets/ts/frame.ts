/**
 * Customers' HTML lives in frames without scripts. From outside we give them the
 * height of their content, and open their links in a new tab, since a
 * sandboxed frame may not.
 */
import { onPage } from './dom.ts';

const seen = new WeakSet<Document>();

function fit(frame: HTMLIFrameElement): void {
  const root = frame.contentDocument?.documentElement;
  if (!root) return;
  // Collapsed first: a frame never reports less than its own height.
  const before = frame.style.height;
  frame.style.height = '0';
  const height = `${Math.min(Math.ceil(root.scrollHeight), 20_000)}px`;
  frame.style.height = height || before;
}

function openLink(event: Event): void {
  // Elements of the frame belong to its own realm: no instanceof.
  const link = (event.target as Element | null)?.closest?.('a[href]') as HTMLAnchorElement | null;
  if (!link) return;
  event.preventDefault();
  if (/^(https?|mailto|tel):/.test(link.href)) window.open(link.href, '_blank', 'noopener,noreferrer');
}

function attach(frame: HTMLIFrameElement): void {
  const page = frame.contentDocument;
  if (!page?.body || page.URL === 'about:blank' || seen.has(page)) return;
  seen.add(page);
  page.addEventListener('click', openLink);
  let width = 0;
  // Only a new width reflows the mail; reacting to the height would chase itself.
  new ResizeObserver(() => {
    if (frame.clientWidth === width) return;
    width = frame.clientWidth;
    fit(frame);
  }).observe(frame);
  page.addEventListener('load', () => fit(frame), true);
  fit(frame);
}

export function startFrames(): void {
  document.addEventListener(
    'load',
    ({ target }) => {
      if (target instanceof HTMLIFrameElement && target.matches('[data-mail]')) attach(target);
    },
    true,
  );
  onPage(() => {
    for (const frame of document.querySelectorAll<HTMLIFrameElement>('iframe[data-mail]')) {
      if (frame.contentDocument?.readyState === 'complete') attach(frame);
    }
  });
}
