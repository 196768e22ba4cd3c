import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, story } from './browser.mjs';

const axe = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const focused = (page) => page.evaluate(() => document.activeElement.id);

story('j and k walk through the queue and open where one stays', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  site.requests.length = 0;

  await page.keyboard.press('j');
  await page.keyboard.press('j');

  await page.waitForSelector('#conv-3');
  assert.equal(await focused(page), 'row-3');
  assert.equal(
    site.requests.some(({ path }) => path === '/cases/2'),
    false,
    'case 2 was only passed',
  );
  await page.keyboard.press('k');
  await page.waitForSelector('#conv-2');
  assert.equal(await page.locator('[data-row][aria-current]').count(), 1);
});

story(
  'of rows that differ by what they ask of a page the shown one is marked',
  async ({ site, open, context }) => {
    const page = await open('/asked?case=2');
    const marked = () => page.getAttribute('[data-row][aria-current]', 'id');
    assert.equal(await marked(), 'row-2');
    await context.setOffline(true);
    await page.keyboard.press('j');
    await eventually(async () => (await marked()) === 'row-3', 'walked on');

    await eventually(async () => (await marked()) === 'row-2', 'the one that is shown');
    assert.equal(
      site.requests.some(({ path }) => path === '/cases/3'),
      false,
    );
  },
  { tolerated: /ERR_INTERNET_DISCONNECTED|Failed to fetch/ },
);

story('keys rest while typing and when switched off', async ({ open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  const dialog = () => page.evaluate(() => document.querySelector('#assign').open);

  await page.keyboard.press('r');
  await page.keyboard.type('aji?');
  assert.equal(await dialog(), false);
  assert.equal(await page.textContent('#ed-1'), 'aji?');
  await page.keyboard.press('Escape');
  await page.keyboard.press('a');
  assert.equal(await dialog(), true);
  await page.keyboard.press('Escape');
  await page.evaluate(() => localStorage.setItem('kitt-keys-off', '1'));
  await page.keyboard.press('a');
  assert.equal(await dialog(), false);
});

story('a sequence that a page does not have is none of its keys alone', async ({ open }) => {
  const page = await open('/cases/1');
  const dialog = () => page.evaluate(() => document.querySelector('#assign').open);

  await page.keyboard.press('g');
  await page.keyboard.press('a');
  assert.equal(await dialog(), false);
  await page.keyboard.press('a');
  assert.equal(await dialog(), true);
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('o');
  await page.waitForURL('**/other');
});

story('of three keys each counts only with the others, and of two alone after a moment', async ({ open }) => {
  const page = await open('/cases/1');

  for (const key of ['g', 'e', 'k']) await page.keyboard.press(key);
  await page.waitForSelector('#conv-3');
  for (const key of ['g', 'e']) await page.keyboard.press(key);

  await page.waitForSelector('#conv-2');
});

story('a key that several have means the one that the person is in', async ({ open }) => {
  const page = await open('/cases/1');
  const pressed = () => page.evaluate(() => window.pressed);
  await page.evaluate(() =>
    document.addEventListener('click', ({ target }) => {
      window.pressed = target.id;
    }),
  );

  await page.keyboard.press('Shift+A');
  assert.equal(await pressed(), 'accept-1', 'the first');
  await page.focus('#two');
  await page.keyboard.press('Shift+A');

  assert.equal(await pressed(), 'accept-2');
});

story('what is folded opens by its key, to write in it', async ({ open }) => {
  const page = await open('/cases/1');

  await page.keyboard.press('Shift+N');
  assert.equal(await focused(page), 'why-1');
  await page.keyboard.type('Keine Zeit');
  assert.equal(await page.inputValue('#why-1'), 'Keine Zeit');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('ableh');
  await page.keyboard.press('Enter');
  await eventually(async () => !(await page.isVisible('#why-1')), 'and shut again');
});

story('no hint is shown of keys that are switched off', async ({ open }) => {
  const page = await open('/cases/1');
  const hints = () => page.locator('.conv .k-key').filter({ visible: true }).count();
  assert.equal(await hints(), 3);

  await page.evaluate(() => localStorage.setItem('kitt-keys-off', '1'));
  await page.reload();

  await eventually(async () => (await hints()) === 0, 'no hints');
  assert.equal(await page.locator('.conv [data-key-hint]').isVisible(), false);
});

story('dialogs close by button and by a click outside, and give focus back', async ({ open }) => {
  const page = await open('/cases/1');
  const dialog = () => page.evaluate(() => document.querySelector('#assign').open);
  await page.click('text=Zuweisen >> nth=0');
  await page.click('text=Abbrechen');
  assert.equal(await dialog(), false);
  assert.equal(await page.evaluate(() => document.activeElement.dataset.open), 'assign');

  await page.keyboard.press('a');
  await page.mouse.click(20, 880);

  assert.equal(await dialog(), false);
});

story('the file folds away and comes back', async ({ open }) => {
  const page = await open('/cases/1');

  await page.keyboard.press('i');
  assert.equal(await page.isVisible('#file'), false);
  await page.keyboard.press('i');

  assert.equal(await page.isVisible('#file'), true);
});

story('the palette runs the page’s commands', async ({ open }) => {
  const page = await open('/cases/1');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('zuw');

  await page.keyboard.press('Enter');

  assert.equal(await page.evaluate(() => document.querySelector('#assign').open), true);
  assert.equal(await page.evaluate(() => document.querySelector('#cmd').open), false);
});

story('the palette of a case begins with what is done with it', async ({ open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');

  await page.keyboard.press('Control+k');

  const options = page.locator('#cmd [role=option]');
  const shown = async (at) => [
    await options.nth(at).locator('.grow').textContent(),
    (await options.nth(at).locator('use').getAttribute('href')).split('#i-')[1],
  ];
  await page.waitForSelector('#cmd .list:has-text("Befehle für diesen Fall")');
  assert.deepEqual(await shown(0), ['Antworten', 'reply']);
  assert.deepEqual(await shown(1), ['Zuweisen', 'assign']);
  assert.equal(await page.locator('#cmd [role=option].on').textContent(), await options.nth(0).textContent());
});

story('a command’s key stands beside its name, and not in it', async ({ open }) => {
  const page = await open('/cases/1');
  await page.keyboard.press('Control+k');

  await page.keyboard.type('akt');

  const option = page.locator('#cmd [role=option].on');
  await eventually(async () => (await option.locator('kbd').textContent()) === 'I', 'its key');
  assert.equal(await option.locator('.grow').textContent(), 'Akte');
});

story('the palette finds and follows', async ({ open }) => {
  const page = await open('/cases/1');
  await page.evaluate(() => (window.marked = true));
  await page.click('.k-find');
  await page.keyboard.type('sommer');
  await page.waitForSelector('[role=option]:has-text("Ingrid Sommerauer")');
  const marked = await page.locator('#cmd [role=option].on').getAttribute('id');
  assert.equal(await page.getAttribute('#cmd input', 'aria-activedescendant'), marked);

  await page.keyboard.press('Enter');

  await page.waitForSelector('h1:has-text("Andere Seite")');
  assert.equal(await page.evaluate(() => window.marked), true);
  assert.equal(await page.getAttribute('#cmd input', 'role'), 'combobox', 'after the page was another one');
});

story('the palette offers again what was opened last', async ({ open }) => {
  const page = await open('/cases/1');
  await page.click('.k-find');
  await page.keyboard.type('sommer');
  await page.waitForSelector('[role=option]:has-text("Ingrid Sommerauer")');
  await page.keyboard.press('Enter');
  await page.waitForSelector('h1:has-text("Andere Seite")');

  await page.reload();
  await page.keyboard.press('Control+k');

  await page.waitForSelector('#cmd [role=option].on:has-text("Ingrid Sommerauer")');
});

story('the palette says when there is nothing', async ({ open }) => {
  const page = await open('/');
  await page.keyboard.press('/');
  await page.keyboard.type('xyzzy');

  await page.waitForSelector('#cmd .none:has-text("Nichts gefunden")');
});

for (const colorScheme of ['light', 'dark']) {
  for (const width of [1440, 390]) {
    story(
      `nothing to find for axe, ${colorScheme}, ${width} px`,
      async ({ open }) => {
        const page = await open('/cases/1');
        await page.waitForSelector('#ed-1[contenteditable]');
        await page.evaluate(axe);
        const findings = () =>
          page.evaluate(async () => {
            const { violations } = await window.axe.run({
              runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
            });
            return violations.map(
              ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`,
            );
          });
        assert.deepEqual(await findings(), []);
        for (const press of ['Control+k', '?', 'a']) {
          await page.keyboard.press(press);
          await eventually(
            () => page.evaluate(() => document.querySelector('dialog[open]') !== null),
            `dialog of ${press}`,
          );
          assert.deepEqual(await findings(), [], press);
          await page.keyboard.press('Escape');
        }
      },
      { colorScheme, viewport: { width, height: 844 }, reducedMotion: 'reduce' },
    );
  }
}

story('Ctrl+Enter answers, and with Shift it declines', async ({ site, open }) => {
  for (const [keys, state] of [
    ['Control+Enter', 'done'],
    ['Control+Shift+Enter', 'declined'],
  ]) {
    // A page of its own: the first answer's page would close the fold again.
    const page = await open('/cases/1');
    await page.evaluate(() => (document.querySelector('details:has(#why-1)').open = true));
    await page.fill('#why-1', 'Das liegt nicht an uns.');
    await page.focus('#why-1');
    await page.keyboard.press(keys);
    const sent = () => site.posts.filter(({ path }) => path === '/handoffs/1/answer');
    await eventually(() => sent().at(-1)?.form.get('state') === state, state);
  }
});
