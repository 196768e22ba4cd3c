import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const focused = (page) => page.evaluate(() => document.activeElement.id);
const posts = (site, path) => site.posts.filter((post) => post.path === path);
const rows = (page) => page.locator('#draft [role=group]');

/** The form with rows of text. */
async function form(open, ...texts) {
  const page = await open('/draft');
  for (const [at, text] of texts.entries()) {
    await page.click('#add');
    await page.waitForSelector(`#v${at}`);
    await page.fill(`#v${at}`, text);
  }
  return page;
}

story(
  'walking through a closed select ends where one stops, and keeps what is typed',
  async ({ site, open }) => {
    const page = await form(open, 'Sofa');
    site.delay = 300;
    await page.focus('#f0');
    await page.keyboard.press('ArrowDown');
    await eventually(() => posts(site, '/draft').length === 2, 'the first was asked for');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.type('Eilig');

    await page.waitForSelector('#v0 option[value=queue]', { state: 'attached' });

    assert.equal(await page.inputValue('#f0'), 'queue');
    await page.keyboard.type('es');
    assert.equal(await page.inputValue('#name'), 'Eiliges');
  },
);

story('what is saved while a form asks for itself is saved after that', async ({ site, open }) => {
  const page = await form(open, 'Sofa');
  site.delay = 300;
  await page.selectOption('#f0', 'status');

  await page.click('text=Speichern');

  await page.waitForSelector('h1:has-text("Andere Seite")');
  const [saved, ...others] = posts(site, '/rules').map(({ form }) => [form.get('f0'), form.get('v0')]);
  assert.deepEqual(saved, ['status', 'status']);
  assert.deepEqual(others, []);
});

story('a row that goes leaves the others and the focus', async ({ open }) => {
  const page = await form(open, 'zwei', 'zwei', 'drei');
  await page.fill('#v0', 'eins');
  await page.click('#remove-0');
  await eventually(async () => (await rows(page).count()) === 2, 'two rows');
  assert.deepEqual([await page.inputValue('#v0'), await page.inputValue('#v1')], ['zwei', 'drei']);
  assert.equal(await focused(page), 'remove-0');

  await page.focus('#remove-1');
  await page.keyboard.press('Enter');
  await eventually(async () => (await rows(page).count()) === 1, 'one row');
  assert.equal(await focused(page), 'remove-0');
  await page.keyboard.press('Enter');

  await eventually(async () => (await rows(page).count()) === 0, 'no row');
  await eventually(async () => (await focused(page)) === 'add', 'the button that adds');
});

story('a row that moves takes the focus along', async ({ open }) => {
  const page = await form(open, 'eins', 'zwei', 'drei');
  await page.focus('#up-2');
  await page.keyboard.press('Enter');
  await eventually(async () => (await page.inputValue('#v1')) === 'drei', 'moved');
  assert.equal(await focused(page), 'up-1');

  await page.keyboard.press('Enter');

  await eventually(async () => (await page.inputValue('#v0')) === 'drei', 'moved again');
  assert.equal(await focused(page), 'f0');
});

story('a form that the answer lacks stays as it is', async ({ site, open }) => {
  const page = await form(open, 'Sofa');
  site.loggedOut = true;

  await page.click('#add');

  await page.waitForSelector('.k-toast:has-text("Das hat nicht geklappt.")');
  assert.equal(await page.inputValue('#v0'), 'Sofa');
});

story(
  'a part that renews itself keeps the focus, and tells its end where one listens',
  async ({ site, open }) => {
    const page = await open('/dry');
    await page.focus('#dry-2');
    await page.evaluate(() => (window.heard = document.querySelector('#say')));
    site.cases.unshift('7');
    await page.waitForSelector('#dry-7');
    assert.equal(await focused(page), 'dry-2');

    await page.focus('#stop');
    site.done = true;

    await page.waitForSelector('#say:has-text("Fertig")');
    assert.equal(await page.evaluate(() => window.heard.textContent), 'Fertig');
    await eventually(async () => (await focused(page)) === 'next', 'what comes next');
  },
);
