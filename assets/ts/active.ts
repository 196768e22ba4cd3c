/**
 * Minutes really spent on a case, since they are its cost. Counted only while
 * the tab is visible and someone moved or typed within the last minute. Nothing
 * else is recorded: no clicks, no keys, no positions.
 */
import { first, onPage } from './dom.ts';

const IDLE_MS = 60_000;
const SEND_S = 30;

let url = '';
let seconds = 0;
let lastInput = performance.now();
let lastTick = performance.now();

function send(): void {
  const whole = Math.floor(seconds);
  if (!url || whole < 1) return;
  seconds -= whole;
  const body = new URLSearchParams({ seconds: String(whole) });
  void fetch(url, { method: 'POST', keepalive: true, body }).catch(() => {
    // Lost seconds are not worth a message.
  });
}

function tick(): void {
  const at = performance.now();
  // A machine that slept between two ticks did not work.
  const passed = Math.min(2, (at - lastTick) / 1000);
  lastTick = at;
  if (url && !document.hidden && at - lastInput < IDLE_MS) seconds += passed;
  if (SEND_S <= seconds) send();
}

function follow(): void {
  const current = first('[data-active-url]')?.dataset.activeUrl ?? '';
  if (current === url) return;
  send();
  url = current;
  seconds = 0;
  // Opening a case is work on it.
  lastInput = performance.now();
}

export function startActive(): void {
  for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchmove']) {
    document.addEventListener(name, () => (lastInput = performance.now()), { passive: true, capture: true });
  }
  document.addEventListener('visibilitychange', () => document.hidden && send());
  addEventListener('pagehide', send);
  setInterval(tick, 1000);
  onPage(follow);
}
