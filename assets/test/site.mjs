/**
 * A small site with the pages that the scripts are made for: a queue, cases with
 * an editor, dialogs, live updates. It holds what was posted, so that tests can
 * look at it, and sends the strict content security policy of the product.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', dist), 'utf8'));
const asset = (name) => `/assets/${manifest[name]}`;

const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'";
const TYPES = { js: 'text/javascript', css: 'text/css', svg: 'image/svg+xml', woff2: 'font/woff2' };

const icon = (name) =>
  `<svg class="ic" aria-hidden="true"><use href="${asset('icons.svg')}#i-${name}"></use></svg>`;

const shell = (site, title, main, attributes = '') => `<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><link rel="icon" href="${asset('favicon.svg')}">
<link rel="stylesheet" href="${asset('app.css')}"><script src="${asset('theme.js')}"></script>
<script type="module" src="${asset('app.js')}"></script></head>
<body hx-boost:inherited="swap:outerMorph" hx-sync:inherited="body:replace" data-user="7" data-now="${Date.now()}"
 data-say-error="Das hat nicht geklappt." data-say-required="Bitte ausfüllen." data-due-in-min="{n} Min." data-due-in-hour="{n} Std."
 data-due-late-min="seit {n} Min." data-due-late-hour="seit {n} Std." ${attributes}>
<a class="skip" href="#main">Zum Inhalt springen</a>
<header class="k-bar"><nav class="k-nav" aria-label="Bereiche"><a href="/" data-command>Postfach</a><a href="/other" data-key="g o" data-command>Andere Seite</a></nav>
<a class="k-find" href="/search" data-open="cmd">Suchen oder Befehl</a>
<button class="k-btn" type="button" data-theme-toggle aria-label="Hell oder dunkel">${icon('moon')}</button></header>
<div class="k-offline band" id="offline" role="status" hidden>Keine Verbindung</div>
<div data-commands hidden><a href="/cases/2" data-key="g e" data-command>Einstellungen</a><a href="/cases/3" data-key="g e k" data-command>Konto</a></div>
<main id="main" tabindex="-1">${main}</main>
${site.toast}
<div id="announce" class="sr" role="status"></div>
<dialog class="k-cmd" id="cmd" aria-label="Befehl oder Suche" data-url="/search" data-icons="${asset('icons.svg')}"
 data-h-commands="Befehle" data-h-found="Gefunden" data-none="Nichts gefunden"><div class="q">${icon('search')}
 <input type="text" aria-label="Suche" autocomplete="off"><kbd class="k-key">Esc</kbd></div><div class="list"></div></dialog>
<dialog class="k-keys" id="keys" aria-labelledby="keys-h"><form method="dialog" class="row"><h2 id="keys-h">Tasten</h2>
<button class="k-btn" aria-label="Schließen">${icon('x')}</button></form></dialog>
</body></html>`;

const row = (number, open) => `<li><a class="q-row" id="row-${number}" data-row href="/cases/${number}"
 ${number === open ? 'aria-current="true"' : ''}><span class="q-main"><b>Fall ${number}</b>
 <span class="k-due" data-due="${Date.now() + 38.5 * 60000}" data-due-from="${Date.now() - 60 * 60000}"><i></i><span data-due-text>bald</span></span></span></a></li>`;

const queue = (
  site,
  open,
) => `<section class="k-tile queue" id="queue" data-live="queue" data-live-say="Neues im Postfach" aria-label="Postfach">
<h1 class="t17">Postfach</h1><ol class="q-list" id="q-list">${site.cases.map((number) => row(number, open)).join('')}</ol></section>`;

/** Who else is in a case, and what they write. */
const presence = (site, n) => ({
  here: `<div class="c-here" id="here-${n}" data-live="presence:${n}" data-live-url="/cases/${n}/presence" data-here="/cases/${n}/presence" role="status">${site.coming.join(', ')}</div>`,
  coming: `<div class="c-coming" id="coming-${n}" data-live="presence:${n}" data-live-url="/cases/${n}/presence">${site.coming
    .map((text, index) => `<div class="coming" id="coming-${n}-${index}"><p>${text}</p></div>`)
    .join('')}</div>`,
});

/** What was said in cases 8 and 9: messages that a phone folds. */
const said = (text, index) => `<div class="m" id="m-${index}"><div class="m-t" id="t-${index}">${text}</div>
<button class="k-btn m-more" type="button" data-unfold="t-${index}" aria-expanded="true" hidden>Ganze Nachricht</button></div>`;

/** What cases 8 and 9 have beside the others: recipients, a draft on the server, text modules, tags, who else is there. */
const writing = (n, site) => ({
  ...presence(site, n),
  said: site.messages.map(said).join(''),
  below: `<div class="c-below"><button class="k-btn sm" type="button" id="below-${n}" data-below="scroll-${n}" hidden>Neues weiter unten</button></div>`,
  form: ` data-draft-url="/cases/${n}/drafts" data-draft-kind="reply" data-writes="reply" data-about="41"`,
  fields: `<label for="to-${n}">An</label><input class="k-in" id="to-${n}" name="to" value="ingrid@example.org" data-chips
 data-suggest="/cases/${n}/addressees" data-say-wrong="Keine Adresse" data-say-remove="{name} entfernen">
<input type="hidden" name="draft" value=""><input type="hidden" name="draft_version" value="">
<p role="status" data-draft-kept="Entwurf gespeichert." data-draft-local="Nur hier." data-draft-beside="Beide da." hidden></p>
<p data-holes hidden>Platzhalter offen</p>
<button class="k-btn" form="discard-${n}" data-draft-discard data-key="g x" data-command="Entwurf verwerfen" hidden>Verwerfen</button>`,
  editor: ' data-snippets="dlg-snippets"',
  dialog: `<form method="post" action="/drafts/0/discard" id="discard-${n}" data-drop-draft="reply-${n}"></form>
<dialog class="k-dialog" id="dlg-snippets" aria-labelledby="sn-h" data-snippets-url="/cases/${n}/snippets"
 data-say-missing="Fehlt:" data-say-none="Nichts" data-tone-formal="per Sie" data-other-formal="Hier gilt das Du"><h2 id="sn-h">Bausteine</h2><label for="sn-q-${n}">Suche</label>
<input class="k-in" id="sn-q-${n}" type="search" data-snippets-search><div class="snippets" data-snippets-list></div><p data-snippets-say></p></dialog>
<button class="k-btn" type="button" data-open="tag" data-key="t">Schlagwort</button>
<dialog class="k-cmd" id="tag" aria-label="Schlagwort" data-picker><form class="plain" method="post" action="/cases/${n}/tags">
<label for="tag-name">Schlagwort</label><input id="tag-name" name="name" data-url="/cases/${n}/tags" data-new="„{name}“ anlegen"></form></dialog>`,
});
const extra = (site, number, part) => (number === '8' || number === '9' ? writing(number, site)[part] : '');

const caseTile = (
  site,
  number,
) => `<section class="k-tile conv" id="conv-${number}" data-live="case:${number}"
 data-live-say="Neue Nachricht" data-commands-of="Befehle für diesen Fall" data-active-url="/cases/${number}/active" aria-label="Fall ${number}">
<h2>Fall ${number}</h2><button class="k-btn" type="button" data-open="assign" data-key="a" data-command="Zuweisen" data-command-first="2">${icon('assign')}Zuweisen</button>
<button class="k-btn" type="button" data-toggle="file" data-key="i" data-command>Akte <kbd class="k-key">I</kbd></button>
<p data-key-hint><kbd class="k-key">J</kbd> <kbd class="k-key">K</kbd> blättern</p>
<div data-item><button class="k-btn" type="button" id="accept-1" data-key="Shift+A">Annehmen</button></div>
<div data-item><a href="#two" id="two">Die zweite</a><button class="k-btn" type="button" id="accept-2" data-key="Shift+A">Annehmen</button></div>
<details><summary data-key="Shift+N" data-command="Ablehnen">Ablehnen</summary><form method="post" action="/handoffs/${number}/answer"><label for="why-${number}">Warum</label><textarea class="k-in" id="why-${number}" name="reason"></textarea>
<button class="k-btn" name="state" value="declined" data-send-other>Ablehnen</button><button class="k-btn pri" name="state" value="done">Erledigt</button></form></details>
${extra(site, number, 'here')}<div class="c-scroll" id="scroll-${number}" data-scroll="end" tabindex="0">${
  extra(site, number, 'said') ||
  site.messages.map((text, index) => `<div id="m-${index}">${text}</div>`).join('')
}<iframe class="mail" id="frame-${number}" data-mail src="/mail" sandbox="allow-same-origin" title="Nachricht"></iframe>${extra(site, number, 'coming')}</div>${extra(site, number, 'below')}
${site.error ? `<p role="alert" id="error">${site.error}</p>` : ''}
<form class="ed" id="reply-${number}" method="post" action="/cases/${number}/replies" enctype="multipart/form-data" data-files${extra(site, number, 'form')}>${extra(site, number, 'fields')}
<div class="ed-h">${['bold', 'italic', 'list', 'link'].map((tool) => `<button class="k-btn" type="button" data-ed="${tool}" aria-label="${tool}">${tool}</button>`).join('')}</div>
<div class="row" data-ed-link hidden><input class="k-in" type="url" aria-label="Adresse"><button class="k-btn" type="button">Einsetzen</button></div>
<label class="sr" for="body-${number}">Antwort</label><textarea class="k-in" id="body-${number}" name="body" required>${site.begun}</textarea>
<input type="hidden" name="body_format" value="${site.begun.startsWith('<p>') ? 'html' : 'text'}"><input type="hidden" name="seen" value="41">
<div class="ed-t" id="ed-${number}" data-editor="body" data-draft="reply-${number}" data-key="r" data-command="Antworten" data-command-icon="reply" data-command-first="1" data-placeholder="Antwort schreiben"${extra(site, number, 'editor')} hidden></div>
<p data-draft-note hidden>Entwurf wiederhergestellt.</p><input type="file" name="file" multiple hidden>
<ul class="files" data-files-list data-remove="{name} entfernen" data-max="1000" data-too-large="{name} ist zu groß"></ul>
<button class="k-btn" type="button" data-insert="&lt;p&gt;Mit freundlichen Grüßen&lt;/p&gt;" data-insert-into="ed-${number}">Gruß</button>
<button class="k-btn pri">Senden</button></form>${extra(site, number, 'dialog')}</section>
<aside class="k-tile file" id="file">Akte</aside>
<dialog class="k-dialog" id="assign" aria-labelledby="assign-h"><form method="post" action="/cases/${number}/assignee"><header><h2 id="assign-h">Zuweisen</h2></header>
<div class="body"><label for="who">Wer</label><input class="k-in" id="who" name="who"></div>
<footer><button class="k-btn" type="button" data-close>Abbrechen</button><button class="k-btn pri">Zuweisen</button></footer></form></dialog>`;

const inbox = (site, number) =>
  shell(
    site,
    number ? `Fall ${number}` : 'Postfach',
    `<div class="inbox ${number ? 'case' : ''}">${queue(site, number)}${number ? caseTile(site, number) : ''}</div>`,
  );

const FIELDS = { text: 'Text', status: 'Status', queue: 'Bereich' };
const options = (all, chosen) =>
  Object.entries(all)
    .map(([value, text]) => `<option value="${value}" ${value === chosen ? 'selected' : ''}>${text}</option>`)
    .join('');

/** A form that asks for itself: conditions, of which each field has other values. */
function drafting(site, form = new FormData()) {
  const draft = 'hx-post="/draft" hx-target="#draft" hx-select="#draft" hx-swap="outerMorph"';
  const rows = [...form.keys()]
    .filter((name) => /^f\d/.test(name))
    .map((name) => ({ field: form.get(name), value: form.get(name.replace('f', 'v')) ?? '' }));
  const [wish, at] = (form.get('do') ?? '').split('-');
  if (wish === 'add') rows.push({ field: 'text', value: '' });
  if (wish === 'remove') rows.splice(Number(at), 1);
  if (wish === 'up') rows.splice(Number(at) - 1, 2, rows[at], rows[at - 1]);
  const button = (name, at, then) =>
    `<button class="k-btn" id="${name}-${at}" name="do" value="${name}-${at}" data-then-focus="${then}" ${draft}>${name}</button>`;
  const row = ({ field, value }, at) => `<div class="row" role="group" aria-label="Bedingung ${at + 1}">
<select class="k-in" id="f${at}" name="f${at}" aria-label="Feld" ${draft}>${options(FIELDS, field)}</select>
${
  field === 'text'
    ? `<input class="k-in" id="v${at}" name="v${at}" aria-label="Wert" value="${value}">`
    : `<select class="k-in" id="v${at}" name="v${at}" aria-label="Wert">${options({ [field]: `${field} offen` }, value)}</select>`
}
${at ? button('up', at, `up-${at - 1} f${at - 1}`) : ''}${button('remove', at, `remove-${at} remove-${at - 1} add`)}</div>`;
  return shell(
    site,
    'Regel',
    `<h1>Regel</h1><form id="draft" method="post" action="/rules"><button class="sr" tabindex="-1" aria-hidden="true"></button>
<label for="name">Name</label><input class="k-in" id="name" name="name" value="${form.get('name') ?? ''}">${rows.map(row).join('')}
<button class="k-btn" id="add" name="do" value="add" ${draft}>Mehr</button><button class="k-btn pri">Speichern</button></form>`,
  );
}

/** A list whose rows differ by what they ask of the page. */
const asked = (site, open) =>
  shell(
    site,
    'Antworten',
    `<h1>Antworten</h1><ol>${site.cases
      .map(
        (number) =>
          `<li><a class="q-row" data-row id="row-${number}" href="/asked?case=${number}" ${number === open ? 'aria-current="true"' : ''}>${number}</a></li>`,
      )
      .join('')}</ol>`,
  );

/** Cases as a table: marked ones get what is chosen in the bar below. */
const table = (site) =>
  shell(
    site,
    'Tabelle',
    `<div class="k-page"><section class="k-tile"><form class="body" method="post" action="/bulk/preview" data-marks><label class="row marking"><input type="checkbox" name="all" value="yes" data-key="*">Alle 47</label>
<table class="k-table"><tbody id="cases-rows">${site.cases
      .map(
        (
          number,
        ) => `<tr id="line-${number}"><td><input type="checkbox" name="case" value="${number}" aria-label="Fall ${number} markieren"></td>
<td><a class="lk" data-row="focus" id="row-${number}" href="/cases/${number}">Fall ${number}</a></td></tr>`,
      )
      .join('')}</tbody></table>
<div class="k-bulk" role="group" aria-label="Viele auf einmal ändern"><div class="body"><b role="status" data-marks-count="{n} markiert" data-marks-all="47 markiert">Viele auf einmal ändern</b>
<select class="k-in first" name="owner" data-key="Shift+B" data-why-not="Markiere mindestens einen Fall." aria-label="Wer kümmert sich?"><option value="">Wer kümmert sich? …</option><option value="7">Tom</option></select>
<select class="k-in first" name="step" aria-label="Status"><option value="">Status …</option><option value="close">Abschließen</option><option value="wait">Wiedervorlage</option></select>
<label class="until">Bis wann? <input class="k-in" type="datetime-local" name="until"></label>
<input class="k-in tag" name="tag" aria-label="Schlagwörter dazu">
<details id="bulk-more"><summary>Mehr ändern</summary><div class="more"><select class="k-in" name="priority" aria-label="Dringlichkeit"><option value="">Dringlichkeit …</option><option value="high">hoch</option></select></div></details>
<button class="k-btn pri look" data-marks-needs="change"><span class="long">Ansehen, was sich ändert</span><span class="short">Ansehen</span></button>
<span class="row macro"><select class="k-in" name="macro" data-key="Shift+M" aria-label="Makro"><option value="">Makro …</option><option value="3">Drei Tage warten</option></select>
<button class="k-btn" formaction="/macros/runs" data-marks-needs="macro">Ausführen</button></span></div></div></form></section></div>`,
  );

/** A list whose order people change. */
const ordered = (site) =>
  shell(
    site,
    'Reihenfolge',
    `<h1>Reihenfolge</h1><ol>${site.cases
      .map(
        (number) =>
          `<li id="item-${number}" data-order-item="${number}"><span data-order-grip draggable="true">⋮⋮</span> ${number}
<form method="post" action="/order/${number}" data-order-form><button class="k-btn" name="to" value="up" data-order-up>hoch</button></form></li>`,
      )
      .join('')}</ol>`,
  );

/** A part that renews itself until it is done. */
const renewing = (site) =>
  shell(
    site,
    'Probelauf',
    `<h1>Probelauf</h1><section id="dry" ${site.done ? '' : 'hx-get="/dry" hx-trigger="every 100ms" hx-target="#dry" hx-select="#dry" hx-swap="outerMorph" hx-sync="this:replace"'}>
${site.done ? '' : '<button class="k-btn" id="stop" data-then-focus="gone next">Anhalten</button>'}
<b id="say" role="status">${site.done ? 'Fertig' : ''}</b><ul>${site.cases.map((number) => `<li><a id="dry-${number}" href="/cases/${number}">${number}</a></li>`).join('')}</ul></section>
<a id="next" href="/other">Weiter</a>`,
  );

const refusal = (
  fields,
) => `<section class="k-tile" role="alert" data-refused="Bitte prüfe deine Angaben."><h1>Das hat nicht geklappt</h1>
<ul>${Object.entries(fields)
  .map(([field, text]) => `<li data-field="${field}">${text}</li>`)
  .join('')}</ul></section>`;

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const type = request.headers['content-type'] ?? '';
  return new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData();
}

async function doing(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
}

/** Answers one request; what changes is kept in `site`. */
async function answer(site, request, response) {
  const url = new URL(request.url, 'http://site');
  const html = (text, status = 200) =>
    response
      .writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': CSP })
      .end(text);
  const [, area, number, action] = url.pathname.split('/');
  site.requests.push({ method: request.method, path: url.pathname, headers: request.headers });
  if (area === 'assets') {
    const content = readFileSync(new URL(number, dist));
    if (number.startsWith('editor')) await new Promise((later) => setTimeout(later, site.editorDelay));
    return response.writeHead(200, { 'content-type': TYPES[number.split('.').pop()] }).end(content);
  }
  if (area === 'live') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
    site.streams.add(response);
    return request.on('close', () => site.streams.delete(response));
  }
  const json = (data) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(data));
  if (action === 'drafts') {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    if (site.broken) return response.writeHead(503).end();
    site.drafts.push(JSON.parse(Buffer.concat(chunks).toString()));
    return json({ draft: 5, version: site.drafts.length, beside: false });
  }
  const typed = url.searchParams.get('q') ?? '';
  const fitting = (items) => items.filter(({ name }) => name.toLowerCase().startsWith(typed.toLowerCase()));
  if (request.method === 'GET' && ['addressees', 'snippets', 'tags'].includes(action))
    await new Promise((later) => setTimeout(later, site.slow));
  if (action === 'addressees') {
    const items = [
      { name: 'Karl Huber', address: 'karl@example.org', kind: 'case' },
      { name: 'Katharina Huber', address: 'katharina@example.org', kind: 'case' },
    ];
    return json({ items: fitting(items) });
  }
  if (action === 'tags' && request.method === 'GET') return json({ items: fitting([{ name: 'Lieferung' }]) });
  if (action === 'snippets' && site.failing) return response.writeHead(500).end();
  if (action === 'snippets')
    return json({
      items: [
        {
          id: 1,
          name: 'Dank',
          shortcut: 'dank',
          folder: '',
          begins: 'Danke',
          html: '<p>Danke {{order.number}}</p>',
          missing: ['order.number'],
          tone: 'formal',
          other_tone: true,
        },
      ],
    });
  if (area === 'snippets') return response.writeHead(204).end();
  if (action === 'presence') {
    if (request.method === 'POST') site.doings.push(await doing(request));
    const { here, coming } = presence(site, number);
    return html(here + coming);
  }
  if (request.method === 'POST') {
    const form = await body(request);
    site.posts.push({ path: url.pathname, form });
    if (action === 'active') return response.writeHead(204).end();
    if (site.delay) await new Promise((later) => setTimeout(later, site.delay));
    if (area === 'draft' && !site.loggedOut) return html(drafting(site, form));
    if (area === 'order' && !site.refused) {
      site.cases.splice(site.cases.indexOf(number), 1);
      const next = site.cases.indexOf(form.get('to').replace('before:', ''));
      site.cases.splice(next < 0 ? site.cases.length : next, 0, number);
      return response.writeHead(303, { location: '/order' }).end();
    }
    if (area === 'rules') return response.writeHead(303, { location: '/other' }).end();
    if (site.loggedOut) return response.writeHead(303, { location: '/login' }).end();
    if (site.refused) return html(shell(site, 'Das hat nicht geklappt', refusal(site.refused)), 422);
    if (site.error) return html(inbox(site, number), 422);
    if (action === 'replies') site.messages.push(form.get('body'));
    return response.writeHead(303, { location: `/cases/${number}` }).end();
  }
  if (area === 'search') {
    const items = [{ kind: 'customer', title: 'Ingrid Sommerauer', detail: 'Graz', url: '/other' }];
    return response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        items: 'sommerauer'.includes(url.searchParams.get('q').toLowerCase()) ? items : [],
      }),
    );
  }
  if (area === 'mail') {
    return html(
      '<body style="margin:0"><div style="height:640px"><a href="https://example.org/">Link</a></div></body>',
    );
  }
  if (area === 'plain') return response.writeHead(200, { 'content-type': 'text/plain' }).end('plain');
  if (area === 'broken') return response.writeHead(502, { 'content-type': 'text/plain' }).end('bad gateway');
  if (area === 'missing') return html(shell(site, 'Nicht gefunden', '<h1>Nicht gefunden</h1>'), 404);
  if (area === 'draft') return html(drafting(site));
  if (area === 'asked') return html(asked(site, url.searchParams.get('case')));
  if (area === 'order') return html(ordered(site));
  if (area === 'table') return html(table(site));
  if (area === 'dry') return html(renewing(site));
  if (area === 'login') return html(shell(site, 'Anmelden', '<h1>Anmelden</h1>'));
  if (area === 'other') {
    return html(
      shell(
        site,
        'Andere Seite',
        `<h1>Andere Seite</h1><a href="/missing">fehlt</a> <a href="/broken">kaputt</a> <a href="/plain">roh</a>
<p id="figures" data-live="queue" data-live-every="1">${site.figure}</p>`,
      ),
    );
  }
  return html(inbox(site, area === 'cases' ? number : ''));
}

/** Starts a fresh site on a free port. */
export async function openSite() {
  const site = {
    cases: ['1', '2', '3'],
    messages: ['Wo bleibt mein Sofa?'],
    /** What stands in the answer when the case is opened. */
    begun: '',
    figure: 0,
    posts: [],
    drafts: [],
    /** What people said that they do in a case. */
    doings: [],
    /** What others write. */
    coming: [],
    requests: [],
    streams: new Set(),
    toast: '',
    error: '',
    /** What is wrong, by field. */
    refused: null,
    loggedOut: false,
    /** Whether text modules cannot be had. */
    failing: false,
    /** How long the editor's script takes. */
    editorDelay: 0,
    delay: 0,
    /** Whether what renews itself has ended. */
    done: false,
    /** How long proposals take. */
    slow: 0,
    tell(topics) {
      for (const stream of this.streams)
        stream.write(`event: change\ndata: ${JSON.stringify({ topics })}\n\n`);
    },
  };
  const server = createServer((request, response) => void answer(site, request, response));
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  site.url = `http://127.0.0.1:${server.address().port}`;
  site.close = () => {
    server.closeAllConnections();
    server.close();
  };
  return site;
}
