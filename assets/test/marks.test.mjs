import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, story } from './browser.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const bar = (page) => page.isVisible('.k-bulk');
const count = (page) => page.textContent('[data-marks-count]');

story('the bar is there once something is marked, and says how much', async ({ open }) => {
  const page = await open('/table');
  assert.equal(await bar(page), false);

  await page.keyboard.press('j');
  await page.keyboard.press('x');
  assert.equal(await bar(page), true);
  assert.equal(await count(page), '1 markiert');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Shift+X');
  assert.equal(await count(page), '3 markiert');
  await page.keyboard.press('*');
  assert.equal(await count(page), '47 markiert');
  await page.keyboard.press('*');
  for (const number of [1, 2, 3]) await page.click(`#line-${number} input`);
  assert.equal(await bar(page), false);
});

story('a key of the bar says why it does nothing yet', async ({ open }) => {
  const page = await open('/table');

  await page.keyboard.press('Shift+B');

  await page.waitForSelector('.k-toast:has-text("Markiere mindestens einen Fall.")');
  await page.click('#line-1 input');
  await page.keyboard.press('Shift+B');
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute('name')), 'owner');
});

story('what would change rests until something is chosen, a macro until one is', async ({ site, open }) => {
  const page = await open('/table');
  await page.click('#line-2 input');
  const rests = (needs) => page.isDisabled(`[data-marks-needs=${needs}]`);
  assert.deepEqual([await rests('change'), await rests('macro')], [true, true]);

  await page.selectOption('[name=macro]', '3');
  assert.deepEqual([await rests('change'), await rests('macro')], [true, false]);
  await page.fill('[name=tag]', 'Messe');
  assert.deepEqual([await rests('change'), await rests('macro')], [false, false]);
  await page.fill('[name=tag]', ' ');
  assert.equal(await rests('change'), true);
  await page.selectOption('[name=step]', 'close');
  await page.focus('[name=step]');
  await page.keyboard.press('Control+Enter');
  const sent = await eventually(() => site.posts.find(({ path }) => path === '/bulk/preview'), 'sent');
  assert.deepEqual([sent.form.get('case'), sent.form.get('step')], ['2', 'close']);
});

story('a moment is asked for only by what waits for it', async ({ open }) => {
  const page = await open('/table');
  await page.click('#line-1 input');
  assert.equal(await page.isVisible('[name=until]'), false);

  await page.selectOption('[name=step]', 'wait');

  assert.equal(await page.isVisible('[name=until]'), true);
});

story(
  'on a phone the bar is low, stays above the navigation and opens as a sheet',
  async ({ open }) => {
    const page = await open('/table');
    await page.tap('#line-1 input');
    const box = () => page.evaluate(() => document.querySelector('.k-bulk').getBoundingClientRect().toJSON());
    const target = await page.locator('#line-1 input').boundingBox();

    const low = await box();
    await page.tap('#bulk-more summary');
    const sheet = await box();
    await page.evaluate(axe);
    const found = await page.evaluate(async () => {
      const { violations } = await window.axe.run('.k-bulk');
      return violations.map(({ id }) => id);
    });

    assert.ok(24 <= target.width && 24 <= target.height, JSON.stringify(target));
    assert.ok(low.height <= 120 && low.right <= 390, JSON.stringify(low));
    assert.ok(sheet.height <= 844 * 0.75 && low.height < sheet.height, JSON.stringify(sheet));
    assert.equal(await page.isVisible('[name=tag]'), true);
    assert.deepEqual(found, []);
  },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
);
