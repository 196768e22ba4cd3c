/**
 * From the key to the next paint, as an agent of the example company feels it (docs/performance.md):
 * `kitt demo --data FOLDER`, then `node test/paint.mjs http://127.0.0.1:8080`. It presses the keys of an hour and prints what the
 * browser says of each (Event Timing, in steps of 8 ms). Nothing is asserted: machines differ.
 */
import { chromium } from 'playwright-core';

const origin = process.argv[2] ?? 'http://127.0.0.1:8080';
const [email, password] = ['miriam.kofler@kastenundlicht.example', 'kitt-demo-2026'];
const ROUNDS = Number(process.argv[3] ?? 20);

/** Keeps how long each interaction took until its frame was painted. */
function watch() {
  window.spans = new Map();
  const keep = (entries) => {
    for (const { interactionId, duration } of entries.getEntries())
      if (interactionId)
        window.spans.set(interactionId, Math.max(duration, window.spans.get(interactionId) ?? 0));
  };
  // 16 ms is the least that browsers tell; what is not told was faster.
  new PerformanceObserver(keep).observe({ type: 'event', durationThreshold: 16, buffered: true });
}

const quantile = (sorted, share) =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--headless=new'],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, locale: 'de-AT' });
await page.addInitScript(watch);
const pause = (ms) => page.waitForTimeout(ms);
const key = async (name) => {
  await page.keyboard.press(name);
  await pause(60);
};

/** Prints p50 and p99 of what was pressed in `act`. */
async function measure(name, act) {
  let [pressed, all] = [0, []];
  for (let round = 0; round < ROUNDS; round++) {
    await page.evaluate(() => window.spans.clear());
    pressed += await act(round);
    await pause(250);
    all = all.concat(await page.evaluate(() => [...window.spans.values()]));
  }
  // What was faster than the browser tells counts as the least it tells.
  const spans = [...all, ...Array(Math.max(0, pressed - all.length)).fill(16)].sort((a, b) => a - b);
  const [p50, p99] = [quantile(spans, 0.5), quantile(spans, 0.99)];
  console.log(`${name.padEnd(24)} ${String(spans.length).padStart(4)} × p50 ${p50} ms, p99 ${p99} ms`);
}

await page.goto(`${origin}/login`);
await page.fill('#email', email);
await page.fill('#password', password);
await page.keyboard.press('Enter');
await page.waitForSelector('.k-bar');
await page.goto(`${origin}/cases?view=all`);
await page.waitForSelector('[data-row]');

await measure('J and K in the list', async (round) => {
  await key(round % 4 === 3 ? 'k' : 'j');
  await pause(700);
  return 1;
});
await page.waitForSelector('[data-editor][contenteditable]');
await measure('open the composer', async () => {
  await key('r');
  await key('Escape');
  return 2;
});
await measure('type an answer', async () => {
  await key('r');
  for (const letter of 'Guten Tag') await key(letter === ' ' ? 'Space' : letter);
  await key('Escape');
  return 11;
});
await measure('dialog (H) and back', async () => {
  await key('h');
  await key('Escape');
  return 2;
});
await measure('palette: open and type', async () => {
  await key('Control+k');
  for (const letter of 'liefer') await key(letter);
  await pause(400);
  await key('ArrowDown');
  await key('Escape');
  return 9;
});
await page.goto(`${origin}/cases?view=all&as=table`);
await page.waitForSelector('#cases-table');
await measure('walk and mark the table', async () => {
  await key('j');
  await key('x');
  return 2;
});
await page.goto(`${origin}/search`);
await measure('search box: type', async () => {
  await page.focus('#q');
  for (const letter of 'sofa') await key(letter);
  await pause(300);
  await key('Escape');
  await page.fill('#q', '');
  return 5;
});
await browser.close();
