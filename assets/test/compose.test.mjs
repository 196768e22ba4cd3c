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

story('Ctrl+Enter sends from the recipients, too, with what is typed there', async ({ site, open }) => {
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type('Hallo');
  await page.locator('.chips input').focus();
  await page.keyboard.type('karl@example.org');
  await page.keyboard.press('Control+Enter');

  const { form } = await eventually(() => site.posts.find(({ path }) => path.endsWith('/replies')), 'sent');
  assert.equal(form.get('to'), 'ingrid@example.org, karl@example.org');
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

story('a draft that was just kept is thrown away by its key', async ({ site, open }) => {
  const page = await open('/cases/8');
  await page.waitForSelector('#ed-8[contenteditable]');
  const button = page.locator('[data-draft-discard]');
  assert.equal(await button.isVisible(), false);
  await page.keyboard.press('r');
  await page.keyboard.type('Wir schauen nach.');
  await page.waitForSelector('[data-draft-discard]:visible', { timeout: 20_000 });
  await page.keyboard.press('Escape');

  await page.keyboard.press('g');
  await page.keyboard.press('x');

  await eventually(() => site.posts.some(({ path }) => path === '/drafts/5/discard'), 'thrown away');
});

story('opening a case with a draft saves nothing by itself', async ({ site, open }) => {
  site.begun = 'Halb fertig';
  const page = await ready(open);
  assert.equal(await page.textContent('#ed-9'), 'Halb fertig');

  // Longer than the pause after which what was typed is kept.
  await page.waitForTimeout(4000);
  await page.click('nav >> text=Andere Seite');
  await page.waitForSelector('h1:has-text("Andere Seite")');

  assert.deepEqual(site.drafts, []);
});

story('proposals older than what is typed are not taken', async ({ site, open }) => {
  const page = await ready(open);
  await page.locator('.chips input').focus();
  await page.keyboard.type('ka');
  await page.waitForSelector('.k-options .o.on:has-text("Karl Huber")');

  site.slow = 400;
  await page.keyboard.type('th');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.k-options .o.on:has-text("Katharina Huber")');
  assert.equal(await page.inputValue('#to-9'), 'ingrid@example.org');
  await page.keyboard.press('Enter');

  assert.equal(await page.inputValue('#to-9'), 'ingrid@example.org, Katharina Huber <katharina@example.org>');
});

story('Escape closes proposals and leaves what is typed', async ({ open }) => {
  const page = await ready(open);
  await page.locator('.chips input').focus();
  await page.keyboard.type('kar');
  await page.waitForSelector('.k-options [role=option]');

  await page.keyboard.press('Escape');

  await page.waitForSelector('.k-options', { state: 'detached' });
  await page.keyboard.type('l');
  assert.equal(await page.inputValue('.chips input'), 'karl');
  assert.equal(await page.inputValue('#to-9'), 'ingrid@example.org');
});

story('a tag that is known is not made anew by who types fast', async ({ site, open }) => {
  site.slow = 300;
  const page = await ready(open);
  const sent = () =>
    site.posts.filter(({ path }) => path.endsWith('/tags')).map(({ form }) => form.get('name'));
  await page.keyboard.press('t');
  await page.keyboard.type('lief');
  await page.keyboard.press('Enter');
  await page.waitForSelector('#tag .o.on:has-text("Lieferung")');
  assert.deepEqual(sent(), []);
  await page.keyboard.press('Enter');
  await eventually(() => sent().length === 1, 'the known one');

  await page.waitForSelector('#tag:not([open])', { state: 'attached' });
  await page.keyboard.press('t');
  await page.keyboard.type('Retoure');
  await page.keyboard.press('Enter');

  await eventually(() => sent().length === 2, 'a new one');
  assert.deepEqual(sent(), ['Lieferung', 'Retoure']);
});

const modules = (page) => page.locator('#dlg-snippets [role=option]');

story('text modules are offered after the page was updated, too', async ({ open }) => {
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type('Gesendet');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#m-1');
  await page.waitForSelector('#ed-9[contenteditable]');

  await page.focus('#ed-9');
  await page.keyboard.type(';;');
  await page.waitForSelector('#dlg-snippets[open]');

  await eventually(() => modules(page).first().isVisible(), 'an option');
});

story('text modules are asked for once, however many cases were seen', async ({ site, open }) => {
  site.cases = ['8', '9'];
  const page = await ready(open);
  for (const [key, number] of [
    ['k', '8'],
    ['j', '9'],
    ['k', '8'],
    ['j', '9'],
  ]) {
    await page.keyboard.press(key);
    await page.waitForSelector(`#ed-${number}[contenteditable]`);
  }
  site.requests.length = 0;
  await page.focus('#ed-9');
  await page.keyboard.type(';;');

  await eventually(() => modules(page).first().isVisible(), 'an option');
  assert.equal(site.requests.filter(({ path }) => path.endsWith('/snippets')).length, 1);
});

story('a text module that is still asked for comes once, or not if one closes', async ({ site, open }) => {
  site.slow = 300;
  const page = await ready(open);
  const type = async () => {
    await page.focus('#ed-9');
    await page.keyboard.type(';;');
    await eventually(() => modules(page).first().isVisible(), 'an option');
    await page.keyboard.type('da');
    await page.keyboard.press('Enter');
  };
  await type();
  await page.evaluate(() => document.querySelector('#dlg-snippets').close());
  await page.waitForSelector('#dlg-snippets:not([open])', { state: 'attached' });
  await page.waitForTimeout(500);
  assert.equal(await page.textContent('#ed-9'), '');

  await type();
  await page.keyboard.press('Enter');

  await eventually(async () => /Danke/.test(await page.textContent('#ed-9')), 'inserted');
  await page.waitForTimeout(500);
  assert.equal((await page.textContent('#ed-9')).match(/Danke/g).length, 1);
});

story(
  'Enter that comes before the dialog is told to be open takes what was typed',
  async ({ site, open }) => {
    site.slow = 200;
    const page = await ready(open);
    await page.focus('#ed-9');
    await page.keyboard.type(';');

    await page.evaluate(() => {
      const editor = document.querySelector('#ed-9');
      document.execCommand('insertText', false, ';');
      const field = document.querySelector('[data-snippets-search]');
      if (document.activeElement === editor) throw new Error('the dialog is not open yet');
      field.value = 'da';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    });

    await eventually(async () => /Danke/.test(await page.textContent('#ed-9')), 'inserted');
  },
);

story('a dialog opened again takes nothing that it found before', async ({ site, open }) => {
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type(';;');
  await eventually(() => modules(page).first().isVisible(), 'an option');
  await page.keyboard.press('Escape');
  await page.waitForSelector('#dlg-snippets:not([open])', { state: 'attached' });
  site.slow = 1000;

  await page.focus('#ed-9');
  await page.keyboard.type(';;');

  await page.waitForSelector('#dlg-snippets[open]');
  assert.equal(await modules(page).count(), 0);
});

story('what could not be had is not said to be missing', async ({ site, open }) => {
  site.failing = true;
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type(';;');

  await page.waitForSelector('.k-toast:has-text("Das hat nicht geklappt.")');
  assert.equal(await page.textContent('[data-snippets-say]'), '');
  site.failing = false;
  await page.keyboard.type('da');
  await eventually(() => modules(page).first().isVisible(), 'an option');
});

story('two semicolons bring a text module, and what is open in it is said', async ({ open }) => {
  const page = await ready(open);
  await page.focus('#ed-9');
  await page.keyboard.type('Hallo ;;');
  await page.waitForSelector('#dlg-snippets[open]');
  await page.keyboard.type('dank');
  await page.waitForSelector('[data-snippets-say]:has-text("order.number")');
  await page.waitForSelector('[data-snippets-say]:has-text("Hier gilt das Du")');
  await page.waitForSelector('#dlg-snippets .k-tag:has-text("per Sie")');
  await page.keyboard.press('Enter');

  await page.waitForSelector('#dlg-snippets:not([open])', { state: 'attached' });
  await eventually(async () => /Danke/.test(await page.textContent('#ed-9')), 'inserted');
  assert.doesNotMatch(await page.textContent('#ed-9'), /;;/);
  assert.equal(await page.isVisible('[data-holes]'), true);
});

story('text modules are offered however often the page was changed', async ({ open }) => {
  const page = await ready(open);
  for (const text of ['Erste Antwort', 'Zweite Antwort']) {
    await page.focus('#ed-9');
    await page.keyboard.type(`${text} ;;`);
    await page.waitForSelector('#dlg-snippets[open] [role=option]:has-text("Dank")');
    await page.keyboard.press('Escape');
    await page.focus('#ed-9');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector(`.c-scroll >> text=${text}`);
  }
});
