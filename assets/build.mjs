/**
 * Builds `dist/`: bundled and hashed scripts, styles, fonts and icons, the
 * manifest that maps their plain names to the hashed ones, and the licences of
 * what is bundled. The crate beside this file embeds the result.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const dist = `${here}dist`;
const manifest = {};

const common = {
  absWorkingDir: here,
  outdir: dist,
  bundle: true,
  minify: true,
  metafile: true,
  legalComments: 'none', // LICENSES.txt carries them
  entryNames: '[name].[hash]',
  chunkNames: '[name].[hash]',
  assetNames: '[name].[hash]',
  loader: { '.woff2': 'file' },
  logLevel: 'warning',
};

/** Notes under which hashed name an entry point was written. */
function note(result, names) {
  for (const [file, { entryPoint }] of Object.entries(result.metafile.outputs)) {
    if (names[entryPoint]) manifest[names[entryPoint]] = file.replace(/^dist\//, '');
  }
}

async function writeHashed(stem, extension, content) {
  const hash = createHash('sha256')
    .update(content)
    .digest('base64url')
    .replace(/[-_]/g, '')
    .slice(0, 8)
    .toUpperCase();
  const name = `${stem}.${hash}.${extension}`;
  await writeFile(`${dist}/${name}`, content);
  manifest[`${stem}.${extension}`] = name;
}

/** One file with a symbol per icon: `<use href="/assets/icons.….svg#i-mail">`. */
async function sprite() {
  const files = (await readdir(`${here}icons`)).filter((file) => file.endsWith('.svg')).sort();
  const symbols = await Promise.all(
    files.map(async (file) => {
      const svg = await readFile(`${here}icons/${file}`, 'utf8');
      const shapes = svg.replace(/^<svg[^>]*>|<\/svg>\s*$/g, '').replace(/\n\s*/g, '');
      return `<symbol id="i-${file.slice(0, -4)}" viewBox="0 0 20 20">${shapes}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`;
}

/** The licence texts of every package that ends up in `dist/`. */
async function licences(results) {
  const inputs = results.flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = new Set(
    inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1]).filter(Boolean),
  );
  const parts = [];
  for (const name of [...packages].sort()) {
    const folder = `${here}node_modules/${name}`;
    const { version, license } = JSON.parse(await readFile(`${folder}/package.json`, 'utf8'));
    const texts = (await readdir(folder)).filter((file) => /^(LICEN[CS]E|NOTICE|COPYING)/i.test(file)).sort();
    const text = await Promise.all(texts.map((file) => readFile(`${folder}/${file}`, 'utf8')));
    parts.push(
      `${name} ${version} (${license.replace(/^\((.*)\)$/, '$1')})\n\n${text.join('\n\n').trim()}\n`,
    );
  }
  return parts.join(`\n${'-'.repeat(78)}\n\n`);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

const app = await build({
  ...common,
  entryPoints: ['ts/app.ts'],
  format: 'esm',
  splitting: true, // the editor is a file of its own, loaded where one is shown
  target: 'es2023',
});
const boot = await build({
  ...common,
  entryPoints: [{ in: 'ts/boot.ts', out: 'theme' }],
  format: 'iife',
  target: 'es2023',
});
const worker = await build({
  ...common,
  entryPoints: ['ts/sw.ts'],
  format: 'iife',
  target: 'es2023',
});
const styles = await build({ ...common, entryPoints: ['css/app.css'] });

note(app, { 'ts/app.ts': 'app.js', 'ts/editor.ts': 'editor.js' });
note(boot, { 'ts/boot.ts': 'theme.js' });
note(worker, { 'ts/sw.ts': 'sw.js' });
note(styles, { 'css/app.css': 'app.css' });
await writeHashed('icons', 'svg', await sprite());
await writeHashed('favicon', 'svg', await readFile(`${here}icons/mark/favicon.svg`, 'utf8'));
await writeFile(`${dist}/LICENSES.txt`, await licences([app, boot, styles]));
await writeFile(`${dist}/manifest.json`, `${JSON.stringify(manifest, null, 2)}\n`);
