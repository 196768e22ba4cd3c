import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const bodies = (site) => site.drafts.map(({ body }) => body);
const ready = async (open) => {
  const page = await open('/cases/9');
  await page.waitForSelector('#ed-9[contenteditable]');
  return page;
};

story('recipients are chips that a keyboard adds and takes away', async ({ site, open }) => {
  const page = await ready(open);
  const field = page.locator('.chips input');
  await field.focus();
  await page.keyboard.type('kar');
  await page.waitForSelector('.k-options [role=option]:has-text("Karl Huber")');
  await page.keyboard.press('Enter');
  await page.keyboard.type('falsch,');
  await page.waitForSelector('.chips .err:has-text("Keine Adresse")');
  assert.equal(await page.inputValue('#to-9'), 'ingrid@example.org, Karl Huber <karl@example.org>, falsch');

  await page.keyboard.press('Backspace');
  await page.waitForSelector('.chips .err', { state: 'detached' });
  await page.focus('#ed-9');
  await page.keyboard.type('Hallo');
  await page.keyboard.press('Control+Enter');

  const { form } = await eventually(() => site.posts.find(({ path }) => path.endsWith('/replies')), 'sent');
  assert.equal(form.get('to'), 'ingrid@example.org, Karl Huber <karl@example.org>');
});

story(
  'what is typed is on the server within seconds, once, and over the version it knew',
  async ({ site, open }) => {
    const page = await ready(open);
    await page.focus('#ed-9');
    await page.keyboard.type('Halb fertig');

    await page.waitForSelector('text=Entwurf gespeichert.', { timeout: 20_000 });
    await page.keyboard.type(' und mehr');
    await eventually(() => site.drafts.length === 2, 'a second save', 20_000);

    assert.match(bodies(site)[1], /Halb fertig und mehr/);
    assert.deepEqual([site.drafts[0].draft, site.drafts[1].draft, site.drafts[1].version], ['', '5', '1']);
  },
);

story(
  'without a connection a draft stays here and is sent later',
  async ({ site, open }) => {
    site.broken = true;
    const page = await ready(open);
    await page.focus('#ed-9');
    await page.keyboard.type('Im Tunnel');
    await page.waitForSelector('text=Nur hier.', { timeout: 20_000 });
    site.broken = false;

    await page.goto(`${site.url}/cases/9`);
    await page.waitForSelector('#ed-9[contenteditable]');
    assert.equal(await page.textContent('#ed-9'), 'Im Tunnel');
    await eventually(() => bodies(site).some((body) => body.includes('Im Tunnel')), 'sent later', 20_000);
  },
  { tolerated: /503/ },
);

story('two semicolons bring a text module, and what is open in it is said', async ({ open }) => {
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type('Hallo ;;');
  await page.waitForSelector('#dlg-snippets[open]');
  await page.keyboard.type('dank');
  await page.waitForSelector('[data-snippets-say]:has-text("order.number")');
  await page.keyboard.press('Enter');

  await page.waitForSelector('#dlg-snippets:not([open])', { state: 'attached' });
  await eventually(async () => /Danke/.test(await page.textContent('#ed-9')), 'inserted');
  assert.doesNotMatch(await page.textContent('#ed-9'), /;;/);
  assert.equal(await page.isVisible('[data-holes]'), true);
});
