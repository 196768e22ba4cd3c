import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const streaming = (site) => eventually(() => site.streams.size, 'stream');

story('a new message appears while someone writes, and disturbs nothing', async ({ site, open }) => {
  site.messages = Array.from({ length: 60 }, (_, index) => `Zeile ${index}`);
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await streaming(site);
  await page.focus('#ed-1');
  await page.keyboard.type('Ich schrei');
  await page.evaluate(() => (document.querySelector('#scroll-1').scrollTop = 200));

  site.messages.push('Und noch etwas');
  site.tell(['case:1']);
  await page.waitForSelector('#m-60');
  await page.keyboard.type('be gerade');

  assert.equal(await page.textContent('#ed-1'), 'Ich schreibe gerade');
  assert.equal(await page.evaluate(() => document.querySelector('#scroll-1').scrollTop), 200);
  await eventually(
    () => page.evaluate(() => document.querySelector('#announce').textContent === 'Neue Nachricht'),
    'spoken',
  );
});

/** A case with many messages, in which somebody reads above and writes below. */
async function atWork(site, open) {
  site.messages = Array.from({ length: 60 }, (_, index) => `Zeile ${index}`);
  const page = await open('/cases/9');
  await page.waitForSelector('#ed-9[contenteditable]');
  await streaming(site);
  await page.focus('#ed-9');
  await page.keyboard.type('Guten Tag');
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowLeft');
  await page.evaluate(() => (document.querySelector('#scroll-9').scrollTop = 400));
  return page;
}

const top = (page, css) =>
  page.evaluate((css) => document.querySelector(css).getBoundingClientRect().top, css);

/** Browsers scroll by whole pixels. */
const stays = async (page, css, before) => assert.ok(Math.abs((await top(page, css)) - before) <= 1, css);

story('what a colleague writes is told where it will stand, and moves nothing', async ({ site, open }) => {
  const page = await atWork(site, open);
  const before = await top(page, '#m-20');

  site.coming = ['Tom Lead schreibt eine Antwort'];
  site.tell(['presence:9']);
  await page.waitForSelector('#m-59 ~ .c-coming .coming:has-text("Tom Lead")');
  await page.waitForSelector('.c-here:has-text("Tom Lead")');
  await stays(page, '#m-20', before);
  await page.keyboard.type('lieber ');
  assert.equal(await page.textContent('#ed-9'), 'Guten lieber Tag');

  site.coming = [];
  site.tell(['presence:9']);
  await page.waitForSelector('.coming', { state: 'detached' });
  await stays(page, '#m-20', before);
  await eventually(
    () => page.evaluate(() => document.querySelector('#announce').textContent === ''),
    'writing is no news of the case',
  );
});

story('what is new below is offered to who reads above', async ({ site, open }) => {
  const page = await atWork(site, open);
  const before = await top(page, '#m-20');
  assert.equal(await page.isVisible('#below-9'), false);

  site.messages.push('Und noch etwas');
  site.tell(['case:9']);
  await page.waitForSelector('#below-9:visible');
  await stays(page, '#m-20', before);
  assert.equal(await page.textContent('#ed-9'), 'Guten Tag');
  await page.click('#below-9');

  await page.waitForSelector('#below-9', { state: 'hidden' });
  assert.ok((await top(page, '#m-60')) < 900);
});

story('what grows above what one reads does not push it away', async ({ site, open }) => {
  const page = await atWork(site, open);
  const before = await top(page, '#m-20');

  site.messages[2] = 'Eine lange Nachricht. '.repeat(80);
  site.tell(['case:9']);

  await page.waitForSelector('#m-2:has-text("Eine lange Nachricht.")');
  await stays(page, '#m-20', before);
});

story('colleagues are told what is written, and when it was sent', async ({ site, open }) => {
  const page = await open('/cases/9');
  await page.waitForSelector('#ed-9[contenteditable]');
  await eventually(() => site.doings.at(-1)?.doing === 'reading', 'who opens it reads');
  await page.focus('#ed-9');
  await page.keyboard.type('Guten Tag');
  await eventually(() => site.doings.at(-1)?.doing === 'writing', 'writing');
  assert.deepEqual(site.doings.at(-1), { doing: 'writing', kind: 'reply', about: '41' });

  await page.keyboard.press('Control+Enter');

  await eventually(() => site.doings.at(-1)?.doing === 'reading', 'sent');
});

story(
  'on a phone a case opens at its newest message, and what was read shows its beginning',
  async ({ site, open }) => {
    site.messages = Array.from({ length: 8 }, (_, index) => `Nachricht ${index} ist lang. `.repeat(60));
    const page = await open('/cases/9');
    await page.waitForSelector('#t-0[data-folded]');
    const at = await top(page, '#m-7');
    assert.ok(0 < at && at < 300, `the newest begins at ${at}`);
    assert.equal(await page.isVisible('[data-unfold=t-7]'), false);
    const height = () => page.evaluate(() => document.querySelector('#t-0').offsetHeight);
    assert.ok((await height()) < 200);

    await page.click('[data-unfold=t-0]');

    assert.ok(400 < (await height()));
    assert.equal(await page.getAttribute('[data-unfold=t-0]', 'aria-expanded'), 'true');
  },
  { viewport: { width: 390, height: 800 } },
);

story('only regions that listen are fetched', async ({ site, open }) => {
  const page = await open('/cases/1');
  await streaming(site);
  site.requests.length = 0;

  site.tell(['case:2', 'customer:9']);
  await new Promise((later) => setTimeout(later, 600));
  assert.equal(site.requests.length, 0);
  site.cases.unshift('4');
  site.tell(['queue']);

  await page.waitForSelector('#row-4');
  assert.equal(site.requests.filter(({ headers }) => headers['kitt-live'] === '1').length, 1);
});

story('figures gather the news of a while, and are asked for once', async ({ site, open }) => {
  const page = await open('/other');
  await streaming(site);
  site.requests.length = 0;
  const asked = () => site.requests.filter(({ headers }) => headers['kitt-live'] === '1').length;

  for (let news = 0; news < 4; news += 1) {
    site.figure += 1;
    site.tell(['queue:3']);
    await new Promise((later) => setTimeout(later, 200));
  }
  assert.equal(asked(), 0, 'the second is not over');

  await page.waitForFunction(() => document.querySelector('#figures').textContent === '4');
  assert.equal(asked(), 1);
});

story('an open dialog stays open with what was typed in it', async ({ site, open }) => {
  const page = await open('/cases/1');
  await streaming(site);
  await page.keyboard.press('a');
  await page.fill('#who', 'Dario');

  site.cases.push('5');
  site.messages.push('neu');
  site.tell(['queue', 'case:1']);
  await page.waitForSelector('#row-5');

  assert.equal(await page.evaluate(() => document.querySelector('#assign').open), true);
  assert.equal(await page.inputValue('#who'), 'Dario');
});

story('all tabs share one stream, and another tab takes over', async ({ site, open }) => {
  const first = await open();
  await streaming(site);
  const second = await open();
  await new Promise((later) => setTimeout(later, 300));
  assert.equal(site.streams.size, 1);

  site.cases.push('6');
  site.tell(['queue']);
  await second.bringToFront();
  await second.waitForSelector('#row-6');
  const [old] = site.streams;
  await new Promise((later) => setTimeout(later, 1000));
  await first.close();
  site.cases.push('8');
  await eventually(() => site.streams.size === 1 && !site.streams.has(old), 'new leader');
  await second.waitForSelector('#row-8', { state: 'attached' });

  site.cases.push('7');
  site.tell(['queue']);
  await second.waitForSelector('#row-7');
});

story(
  'a mail frame has the height of its mail, and its links leave by a new tab',
  async ({ open, context }) => {
    const page = await open('/cases/1');
    await eventually(
      () => page.evaluate(() => document.querySelector('#frame-1').offsetHeight >= 640),
      'height',
    );
    await context.route('https://example.org/**', (route) => route.fulfill({ body: 'there' }));

    const [tab] = await Promise.all([
      context.waitForEvent('page'),
      page.frameLocator('#frame-1').locator('a').click(),
    ]);

    assert.equal(tab.url() === 'https://example.org/' || tab.url() === 'about:blank', true, tab.url());
    assert.equal(await tab.evaluate(() => window.opener), null);
  },
);

story('active seconds are sent when a case is left', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.mouse.move(300, 300);
  await new Promise((later) => setTimeout(later, 2500));

  await page.click('nav >> text=Andere Seite');

  const { path, form } = await eventually(() => site.posts[0], 'seconds');
  assert.equal(path, '/cases/1/active');
  assert.ok(1 <= Number(form.get('seconds')) && Number(form.get('seconds')) <= 4, form.get('seconds'));
});
