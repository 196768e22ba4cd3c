/** One Chromium for a test file, one fresh site and profile per test. */
import { after, before, test } from 'node:test';
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { openSite } from './site.mjs';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'];

let browser;

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, '--headless=new', '--disable-component-update', '--disable-sync'],
  });
});
after(() => browser?.close());

/** Runs `story` on a page of a fresh site; errors in the console fail it, unless `tolerated`. */
export function story(name, run, { tolerated, ...options } = {}) {
  test(name, async () => {
    const site = await openSite();
    const context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      locale: 'de-AT',
      ...options,
    });
    const errors = [];
    const open = async (path = '/') => {
      const page = await context.newPage();
      page.setDefaultTimeout(8000);
      page.on('pageerror', (error) => errors.push(error.message));
      page.on(
        'console',
        (line) =>
          line.type() === 'error' &&
          !/status of [45]/.test(line.text()) &&
          !tolerated?.test(line.text()) &&
          errors.push(line.text()),
      );
      await page.goto(site.url + path);
      await page.waitForFunction(() => document.body.hasAttribute('hx-boost:inherited'));
      return page;
    };
    try {
      await run({ site, open, context });
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
      site.close();
    }
  });
}

/** Waits until `check` holds, or says what it last saw. */
export async function eventually(check, what) {
  const end = Date.now() + 8000;
  for (;;) {
    const seen = await check();
    if (seen) return seen;
    if (end < Date.now()) assert.fail(`never: ${what}`);
    await new Promise((later) => setTimeout(later, 40));
  }
}
