import assert from 'node:assert/strict';
import { eventually, story } from './browser.mjs';

const drafts = (page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('kitt-draft:')));
const sent = (site) =>
  eventually(() => site.posts.find(({ path }) => path.endsWith('/replies')), 'reply sent');

story('a reply is rich text and Ctrl+Enter sends it', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.keyboard.press('r');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'ed-1');
  await page.keyboard.type('Guten Tag ');
  await page.click('[data-ed=bold]');
  await page.keyboard.type('Frau Sommerauer');
  assert.equal(await page.getAttribute('[data-ed=bold]', 'aria-pressed'), 'true');

  await page.keyboard.press('Control+Enter');

  const { form } = await sent(site);
  assert.match(form.get('body'), /^<p>Guten Tag(&nbsp;| )<b>Frau Sommerauer<\/b>(<br>)?<\/p>$/);
  assert.equal(form.get('body_format'), 'html');
  await page.waitForSelector('#m-1');
  await eventually(async () => (await page.textContent('#ed-1')) === '', 'empty editor');
  assert.deepEqual(await drafts(page), []);
});

story(
  'an answer begins between greeting and closing, and goes on where one stopped',
  async ({ site, open }) => {
    site.begun = '<p>Guten Tag,</p><p><br></p><p>Viele Grüße</p>';
    const page = await open('/cases/1');
    await page.waitForSelector('#ed-1[contenteditable]');
    await page.keyboard.press('r');
    await page.keyboard.type('die Lampe kommt');
    await page.keyboard.press('Escape');
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('r');
    await page.keyboard.type(' morgen.');

    await page.keyboard.press('Control+Enter');

    const body = (await sent(site)).form.get('body').replaceAll('&nbsp;', ' ').replaceAll('<br>', '');
    assert.equal(body, '<p>Guten Tag,</p><p>die Lampe kommt morgen.</p><p>Viele Grüße</p>');
  },
);

story('a line that begins with "- " or "1. " is a list', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.focus('#ed-1');
  await page.keyboard.type('Bitte - gern:');
  await page.keyboard.press('Enter');
  await page.keyboard.type('- Eins');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Zwei');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.keyboard.type('1. Erst');

  await page.keyboard.press('Control+Enter');

  const body = (await sent(site)).form.get('body').replaceAll('&nbsp;', ' ').replaceAll('<br>', '');
  assert.match(body, /^<p>Bitte - gern:<\/p><ul><li>Eins<\/li><li>Zwei<\/li><\/ul>/);
  assert.match(body, /<ol><li>Erst<\/li><\/ol>/);
});

story('links are asked for in the page, not in a prompt', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.focus('#ed-1');
  await page.click('[data-ed=link]');
  await page.keyboard.type('example.org/sofa');
  await page.keyboard.press('Enter');

  await page.click('text=Senden');

  assert.match((await sent(site)).form.get('body'), /<a href="https:\/\/example\.org\/sofa"/);
});

story(
  'pasted scripts and styles do not arrive',
  async ({ site, open }) => {
    const page = await open('/cases/1');
    await page.waitForSelector('#ed-1[contenteditable]');
    await page.focus('#ed-1');
    await page.evaluate(() => {
      const data = new DataTransfer();
      data.setData(
        'text/html',
        '<p style="color:red" onclick="x()">Hallo <img src=x onerror=alert(1)><script>x()</' + 'script></p>',
      );
      const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector('#ed-1').dispatchEvent(event);
    });
    await eventually(async () => (await page.textContent('#ed-1')).includes('Hallo'), 'paste');

    await page.click('text=Senden');

    assert.doesNotMatch((await sent(site)).form.get('body'), /script|onerror|onclick|style|img/);
  },
  { tolerated: /inline event handler/ },
); // the policy says so while the sanitizer reads the paste

story('what was typed survives leaving the page', async ({ open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.focus('#ed-1');
  await page.keyboard.type('Halb fertig');

  await page.click('#row-2');
  await page.waitForSelector('#ed-2[contenteditable]');
  assert.equal(await page.textContent('#ed-2'), '');
  await page.click('#row-1');

  await page.waitForSelector('#ed-1[contenteditable]');
  await eventually(async () => (await page.textContent('#ed-1')) === 'Halb fertig', 'draft');
  assert.equal(await page.isVisible('[data-draft-note]'), true);
  assert.deepEqual(await drafts(page), ['kitt-draft:7:reply-1']);
});

story('an empty reply is not sent', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');

  await page.click('text=Senden');

  assert.equal(await page.getAttribute('#ed-1', 'aria-invalid'), 'true');
  await page.waitForSelector('#ed-1 + .err:has-text("Bitte ausfüllen.")');
  assert.equal(site.posts.length, 0);
  await page.keyboard.type('Doch etwas');
  await page.waitForSelector('#ed-1 + .err', { state: 'detached' });
});

story('what was typed survives a login that ended', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.focus('#ed-1');
  await page.keyboard.type('Lange geschrieben');
  site.loggedOut = true;

  await page.click('text=Senden');
  await page.waitForSelector('h1:has-text("Anmelden")');
  assert.deepEqual(await drafts(page), ['kitt-draft:7:reply-1']);
  await page.goto(`${site.url}/cases/1`);

  await page.waitForSelector('#ed-1[contenteditable]');
  assert.equal(await page.textContent('#ed-1'), 'Lange geschrieben');
});

story('what is written before the editor has started is text, not keys', async ({ site, open }) => {
  site.editorDelay = 600;
  const page = await open('/cases/1');

  await page.keyboard.press('r');
  await page.keyboard.type('aji');
  assert.equal(await page.evaluate(() => document.querySelector('#assign').open), false);
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.keyboard.type(' und mehr');

  assert.equal(await page.textContent('#ed-1'), 'aji und mehr');
  assert.deepEqual(await drafts(page), ['kitt-draft:7:reply-1']);
});

story(
  'a refused answer is explained where it was written, and sent again on purpose',
  async ({ site, open }) => {
    const page = await open('/cases/1');
    await page.waitForSelector('#ed-1[contenteditable]');
    await page.focus('#ed-1');
    await page.keyboard.type('Meine Antwort');
    site.refused = { seen: 'Jemand hat geantwortet.' };

    await page.click('text=Senden');
    await page.waitForSelector('#reply-1 .refused:has-text("Jemand hat geantwortet.")');
    assert.equal(await page.textContent('#ed-1'), 'Meine Antwort');
    assert.equal(new URL(page.url()).pathname, '/cases/1');
    site.refused = null;
    await page.click('text=Senden');

    await page.waitForSelector('#m-1');
    assert.deepEqual(
      site.posts.filter(({ path }) => path.endsWith('/replies')).map(({ form }) => form.get('seen')),
      ['41', ''],
    );
  },
);

story('a refused field says so in its dialog', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.keyboard.press('a');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'who');
  await page.keyboard.type('Niemand');
  site.refused = { who: 'Die gibt es nicht.', when: 'Und wann?' };

  await page.keyboard.press('Enter');

  await page.waitForSelector('#assign[open] #who[aria-invalid] + .err:has-text("Die gibt es nicht.")');
  await page.waitForSelector('#assign[open] .refused:has-text("Und wann?")');
  assert.equal(await page.inputValue('#who'), 'Niemand');
  await page.keyboard.type('x');
  await page.waitForSelector('#who + .err', { state: 'detached' });
});

story('text blocks and attachments go with the reply', async ({ site, open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');
  await page.focus('#ed-1');
  await page.keyboard.type('Anbei');
  await page.click('text=Gruß');
  const file = (name, size) => ({ name, mimeType: 'text/plain', buffer: Buffer.alloc(size, 'x') });
  await page.setInputFiles('[type=file]', [file('a.txt', 10), file('b.txt', 20)]);
  await page.setInputFiles('[type=file]', [file('c.txt', 30), file('huge.txt', 2000)]);
  await page.waitForSelector('.files .err:has-text("huge.txt ist zu groß")');
  await page.click('[aria-label="a.txt entfernen"]');

  await page.click('text=Senden');

  const { form } = await sent(site);
  assert.match(form.get('body'), /Anbei[\s\S]*Mit freundlichen Grüßen/);
  assert.deepEqual(
    form.getAll('file').map(({ name }) => name),
    ['b.txt', 'c.txt'],
  );
  await page.waitForSelector('#m-1');
  assert.equal(await page.locator('.files li').count(), 0);
});

story('dropped files are attached', async ({ open }) => {
  const page = await open('/cases/1');
  await page.waitForSelector('#ed-1[contenteditable]');

  await page.evaluate(() => {
    const data = new DataTransfer();
    data.items.add(new File(['x'], 'foto.jpg'));
    document
      .querySelector('#ed-1')
      .dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
  });

  await page.waitForSelector('.files li:has-text("foto.jpg")');
  assert.equal(await page.textContent('#ed-1'), '');
});
