import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const documents = (site) => site.requests.filter(({ path }) => path.startsWith('/assets/app.')).length;

story('a link changes the page without loading it again', async ({ site, open }) => {
  const page = await open();
  await page.evaluate(() => (window.marked = true));

  await page.click('nav >> text=Andere Seite');

  await page.waitForSelector('h1:has-text("Andere Seite")');
  assert.equal(await page.evaluate(() => window.marked), true);
  assert.equal(await page.title(), 'Andere Seite');
  assert.equal(new URL(page.url()).pathname, '/other');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await eventually(
    () => page.evaluate(() => document.querySelector('#announce').textContent === 'Andere Seite'),
    'title spoken',
  );
  await page.goBack();
  await page.waitForSelector('#queue');
  assert.equal(await page.evaluate(() => window.marked), true);
  assert.equal(documents(site), 2, 'styles and script once');
});

story('a rejected form is shown again and cannot be reloaded by mistake', async ({ site, open }) => {
  const page = await open('/cases/1');
  site.error = 'Bitte eine Adresse angeben';
  await page.focus('#ed-1');
  await page.keyboard.type('Guten Tag');

  await page.click('text=Senden');

  await page.waitForSelector('#error');
  assert.equal(new URL(page.url()).pathname, '/cases/1');
  await eventually(async () => (await page.textContent('#ed-1')) === 'Guten Tag', 'text kept');
});

story('two clicks send once', async ({ site, open }) => {
  const page = await open('/cases/1');
  site.delay = 400;
  await page.focus('#ed-1');
  await page.keyboard.type('Einmal');

  await page.evaluate(() => {
    for (let i = 0; i < 3; i++) document.querySelector('#reply-1 .pri').click();
  });

  await page.waitForSelector('#m-1');
  assert.equal(site.posts.filter(({ path }) => path.endsWith('/replies')).length, 1);
});

story('error pages are pages, anything else becomes a toast', async ({ open }) => {
  const page = await open('/other');

  await page.click('text=fehlt');
  await page.waitForSelector('h1:has-text("Nicht gefunden")');
  await page.goBack();
  await page.click('text=kaputt');

  await page.waitForSelector('.k-toast:has-text("Das hat nicht geklappt.")');
  await page.click('text=roh');
  await page.waitForURL('**/plain');
});

story('a lost connection shows the band until it is back', async ({ open, context }) => {
  const page = await open();

  await context.setOffline(true);
  await page.waitForSelector('#offline:not([hidden])');
  await context.setOffline(false);

  await page.waitForSelector('#offline', { state: 'hidden' });
});

story('the theme is kept', async ({ open }) => {
  const page = await open();
  const dark = () => page.evaluate(() => document.documentElement.dataset.theme);

  await page.click('[data-theme-toggle]');

  assert.equal(await dark(), 'dark');
  await page.reload();
  assert.equal(await dark(), 'dark');
  assert.match(await page.evaluate(() => document.cookie), /kitt-theme=dark/);
});

for (const width of [1440, 390]) {
  story(
    `two toasts do not cover each other, ${width} px`,
    async ({ site, open }) => {
      site.toast = `<div class="k-toast" id="toast" data-undo-until="${Date.now() + 60000}"><span>Der Fall ist abgeschlossen, und die Antwort geht gleich hinaus <span data-undo-left></span></span>
        <form method="post" action="/cases/1/undo"><button class="k-btn sm" data-key="z">Zurücknehmen</button></form></div>`;
      const page = await open('/other');
      await page.click('text=kaputt');
      await page.waitForSelector('#toast-script');
      const box = (id) => page.locator(id).boundingBox();
      const above = async () => {
        const [error, undo] = [await box('#toast-script'), await box('#toast')];
        return error.y + error.height <= undo.y;
      };
      assert.equal(await above(), true);

      // As after a field was saved: the server's comes last.
      await page.evaluate(() => document.body.append(document.querySelector('#toast')));

      assert.equal(await above(), true);
    },
    { viewport: { width, height: 844 } },
  );
}

story('toasts count down and go', async ({ site, open }) => {
  site.toast = `<div class="k-toast" id="toast" data-undo-until="${Date.now() + 3500}">noch <span data-undo-left>99</span>
    <form method="post" action="/cases/1/undo"><button data-key="z">Zurück</button></form></div>`;
  const page = await open();

  await eventually(
    () => page.evaluate(() => Number(document.querySelector('[data-undo-left]').textContent) < 4),
    'seconds',
  );
  await page.waitForSelector('#toast', { state: 'detached' });
});

story('deadlines are rings with words', async ({ open }) => {
  const page = await open();

  assert.equal((await page.textContent('#row-1 [data-due-text]')).trim(), '38 Min.');
  assert.equal(await page.evaluate(() => document.querySelector('#row-1 .k-due').className), 'k-due soon');
  const share = await page.evaluate(() =>
    Number(document.querySelector('#row-1 .k-due').style.getPropertyValue('--p')),
  );
  assert.ok(58 < share && share < 64, `${share} % of 98.5 minutes`);
});
