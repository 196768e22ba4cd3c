// Takes the README's screenshots from the example company, light and dark:
//
//   node scripts/screenshots.mjs KITT FOLDER
//
// Starts KITT (the program) with `demo` on a temporary data folder and free ports, logs in with the
// logins it prints (`  mail@address  password  what they see`), and ends it. Chromium is the system's,
// driven by playwright-core.

import { spawn } from 'node:child_process';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '../assets/node_modules/playwright-core/index.mjs';

// Who looks at which page; `open` is the text of the link to follow there.
const SHOTS = [
  { name: 'inbox', who: 'agent', path: '/cases', open: 'Sommerauer' },
  { name: 'hub', who: 'manager', path: '/hub' },
  { name: 'department', who: 'department', path: '/department', open: 'Liefertermin nicht gehalten' },
];
const PATIENCE = 300_000; // the first start invents 400 days of history

const [program, folder] = process.argv.slice(2);
if (!folder) {
  console.error('Usage: node scripts/screenshots.mjs KITT FOLDER');
  process.exit(64);
}

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts the example company; resolves with one login per role once it is ready. */
async function start(data) {
  const listen = `127.0.0.1:${await freePort()}`;
  const args = ['demo', '--data', data, '--listen', listen, '--smtp-listen', `127.0.0.1:${await freePort()}`];
  const kitt = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [kitt.stdout, kitt.stderr]) stream.on('data', (text) => (said += text));

  const end = Date.now() + PATIENCE;
  while (Date.now() < end && kitt.exitCode === null) {
    const logins = [...said.matchAll(/^\s*(\S+@\S+)\s+(\S+)\s+(\w+):/gm)];
    const ready = await fetch(`http://${listen}/readyz`).then((answer) => answer.ok, () => false);
    if (ready && logins.length) {
      const people = logins.reverse().map(([, email, password, role]) => [role, { email, password }]);
      return { kitt, url: `http://${listen}`, people: Object.fromEntries(people) };
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  kitt.kill();
  throw new Error(`kitt demo did not get ready:\n${said}`);
}

async function logIn(browser, url, { email, password }, theme) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    locale: 'de-DE',
  });
  await page.goto(`${url}/login`);
  await page.fill('input[type=email]', email);
  await page.fill('input[type=password]', password);
  await Promise.all([page.waitForNavigation(), page.press('input[type=password]', 'Enter')]);
  if (await page.locator('input[type=password]').count()) throw new Error(`${email} could not log in`);
  return page;
}

async function shoot(browser, { url, people }, { name, who, path, open }, theme) {
  const page = await logIn(browser, url, people[who], theme);
  const answer = await page.goto(url + path);
  if (!answer.ok()) throw new Error(`${path} answered ${answer.status()}`);
  if (open) {
    const link = await page.getByRole('link', { name: open }).first().getAttribute('href');
    await page.goto(new URL(link, url).href);
  }
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(500); // live parts and the editor
  const file = join(folder, `${name}${theme === 'dark' ? '-dark' : ''}.png`);
  await page.screenshot({ path: file });
  console.log(file);
  await page.close();
}

const data = await mkdtemp(join(tmpdir(), 'kitt-shots-'));
await mkdir(folder, { recursive: true });
let demo, browser;
try {
  demo = await start(data);
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'].concat([
      '--disable-background-networking',
      '--disable-component-update',
    ]),
  });
  for (const shot of SHOTS) {
    for (const theme of ['light', 'dark']) await shoot(browser, demo, shot, theme);
  }
} finally {
  await browser?.close();
  if (demo) {
    const ended = new Promise((resolve) => demo.kitt.once('exit', resolve));
    demo.kitt.kill();
    await ended;
  }
  await rm(data, { recursive: true, force: true });
}
