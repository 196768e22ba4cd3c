import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const order = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[data-order-item]')].map((item) => item.dataset.orderItem).join(' '),
  );
const drag = (page, from, to) =>
  page.dragAndDrop(`#item-${from} [data-order-grip]`, `#item-${to}`, { targetPosition: { x: 20, y: 4 } });

story('an item goes where it is dragged', async ({ site, open }) => {
  const page = await open('/order');

  await drag(page, '3', '1');

  await eventually(() => site.cases.join(' ') === '3 1 2', 'kept');
  assert.equal(await order(page), '3 1 2');
});

story('an order that is not taken is put back, and said', async ({ site, open }) => {
  const page = await open('/order');
  site.refused = { to: 'Nicht mehr da.' };
  await drag(page, '3', '1');

  await page.waitForSelector('.k-toast:has-text("Nicht mehr da.")');
  await eventually(async () => (await order(page)) === '1 2 3', 'put back');
});

story(
  'without a connection an order is put back, and said',
  async ({ open, context }) => {
    const page = await open('/order');
    await context.setOffline(true);
    await drag(page, '3', '1');

    await page.waitForSelector('.k-toast:has-text("Das hat nicht geklappt.")');
    assert.equal(await order(page), '1 2 3');
  },
  { tolerated: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ },
);
