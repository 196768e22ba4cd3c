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
