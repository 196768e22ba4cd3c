/**
 * What was written and could not be sent since there was no connection. It is kept in this browser for this person
 * until they log out, shown on every page, and sent in its order once the house can be reached. Each message carries
 * one key from its first attempt on, so that it arrives once even if only the answer was lost. What the house refuses
 * becomes a draft again, with the reason.
 * Deliberately absent: files, which are too large to keep here; such a form stays as it is.
 */
import { fill, first, onPage, toast } from './dom.ts';
import { dropDrafts, saveDraft } from './drafts.ts';
import { reachable, unreachable } from './offline.ts';

const PREFIX = 'kitt-outbox:';
const AGAIN_MS = 5000;

/** A message that waits. `draft` is the name of the field that it was written in. */
type Item = {
  key: string;
  action: string;
  type: string;
  body: string;
  label: string;
  draft: string;
  text: string;
};
/** The part of a request that is kept. */
type Request = {
  action: string;
  body: unknown;
  headers: Record<string, string>;
  form?: HTMLFormElement | null;
};

const prepared = new WeakMap<Request, Item>();
let sending = false;

const place = (): string => `${PREFIX}${document.body.dataset.user ?? ''}`;

function read(): Item[] {
  try {
    return JSON.parse(localStorage.getItem(place()) ?? '[]') as Item[];
  } catch {
    return [];
  }
}

/** False if this browser keeps nothing. */
function write(items: Item[]): boolean {
  try {
    if (items.length) localStorage.setItem(place(), JSON.stringify(items));
    else localStorage.removeItem(place());
    return true;
  } catch {
    return false;
  } finally {
    show();
  }
}

/** Random, also where the page is not encrypted. */
const newKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The same bytes at every attempt: the house compares them. `null` with files. */
function encode(body: unknown, key: string): { type: string; body: string } | null {
  if (body instanceof URLSearchParams)
    return { type: 'application/x-www-form-urlencoded;charset=UTF-8', body: body.toString() };
  if (!(body instanceof FormData)) return null;
  const boundary = `kitt-${key}`;
  let text = '';
  for (const [name, value] of body) {
    if (typeof value !== 'string') {
      if (value.size || value.name) return null;
      continue;
    }
    const quoted = name.replace(/["\r\n]/g, '_');
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${quoted}"\r\n\r\n${value}\r\n`;
  }
  return { type: `multipart/form-data; boundary=${boundary}`, body: `${text}--${boundary}--\r\n` };
}

/** A form in which somebody writes; others are quickly done again. */
const isWritten = (form: HTMLFormElement): boolean => form.dataset.draftUrl !== undefined;

/** Before the first attempt: gives the request its key, and remembers how it was sent. */
export function prepare(request: Request): void {
  const { form } = request;
  if (!form || !isWritten(form)) return;
  const key = newKey();
  const encoded = encode(request.body, key);
  if (!encoded) return;
  const field = first('[data-draft]', form);
  const number = /\/cases\/([\w-]+)/.exec(request.action)?.[1] ?? '';
  prepared.set(request, {
    key,
    action: request.action,
    ...encoded,
    label: number,
    draft: field?.dataset.draft ?? '',
    text: written(form),
  });
  request.body = encoded.body;
  request.headers['Content-Type'] = encoded.type;
  request.headers['Idempotency-Key'] = key;
}

/** There was no answer: keeps what was written, if it can be kept. */
export function keep(request: Request): void {
  const item = prepared.get(request);
  const { form } = request;
  if (!item || !form || !write([...read(), item])) return;
  dropDrafts(form);
  form.closest('dialog')?.close();
}

/** The form that it was written in, if that is on the page. */
const formOf = (item: Item): HTMLFormElement | null =>
  [...document.querySelectorAll<HTMLFormElement>('form[data-draft-url]')].find(
    (form) => new URL(form.action, location.href).pathname === new URL(item.action, location.href).pathname,
  ) ?? null;

const written = (form: HTMLFormElement): string =>
  form.querySelector<HTMLTextAreaElement>('textarea[name=body]')?.value ?? '';

const band = (): HTMLElement | null => first('#outbox');
const say = (word: string, values: Record<string, string>): string =>
  fill(band()?.dataset[word] ?? '', values);

function show(): void {
  const box = band();
  const list = box && first('ul', box);
  if (!box || !list) return;
  const items = read();
  box.hidden = items.length === 0;
  // What waits is not changed under its key: it is sent, or taken back first.
  const waiting = new Set(items.map(formOf));
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft-url]'))
    form.inert = waiting.has(form);
  list.replaceChildren(
    ...items.map((item) => {
      const line = document.createElement('li');
      line.className = 'row';
      const text = document.createElement('span');
      text.className = 'grow';
      text.textContent = say('sayWaits', { case: item.label });
      const cancel = document.createElement('button');
      cancel.type = 'button';
      cancel.className = 'k-btn sm';
      cancel.dataset.outboxCancel = item.key;
      cancel.textContent = say('sayCancel', {});
      cancel.setAttribute('aria-label', `${cancel.textContent}: ${text.textContent}`);
      line.append(text, cancel);
      return line;
    }),
  );
}

const remove = (key: string): boolean => write(read().filter((item) => item.key !== key));

/** It becomes a draft again. */
function giveBack(item: Item): void {
  remove(item.key);
  if (item.draft) saveDraft(item.draft, item.text);
  const form = formOf(item);
  // A page that was opened since has none of it.
  if (form && !written(form)) location.reload();
}

/** The house has it: the page is to show that. */
function done(item: Item): void {
  const form = formOf(item);
  remove(item.key);
  if (form) {
    dropDrafts(form);
    location.reload();
  } else toast(say('saySent', { case: item.label }));
}

/** Why the house does not take it, in its words. */
async function reason(response: Response): Promise<string> {
  try {
    const problem = (await response.json()) as { detail?: string; errors?: { message: string }[] };
    return problem.errors?.map(({ message }) => message).join(' ') || (problem.detail ?? '');
  } catch {
    return '';
  }
}

/** False if it has to wait on. */
async function send(item: Item): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(item.action, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'Content-Type': item.type, Accept: 'application/json', 'Idempotency-Key': item.key },
      body: item.body,
    });
  } catch {
    unreachable();
    return false;
  }
  reachable();
  const { status } = response;
  // What a page got the first time is an address to go on to.
  if (response.ok || response.type === 'opaqueredirect') {
    done(item);
    return true;
  }
  if (500 <= status || [401, 408, 425, 429].includes(status)) return false;
  giveBack(item);
  toast(say('sayRefused', { case: item.label, why: await reason(response) }));
  return true;
}

async function work(): Promise<void> {
  for (let item = read()[0]; item; item = read()[0]) if (!(await send(item))) return;
}

/** Sends what waits; one tab at a time. */
async function sendAll(): Promise<void> {
  if (sending || !read().length) return;
  sending = true;
  try {
    if (navigator.locks)
      await navigator.locks.request('kitt-outbox', { ifAvailable: true }, async (lock) => {
        if (lock) await work();
      });
    else await work();
  } finally {
    sending = false;
  }
}

export function startOutbox(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-outbox-cancel]') : null;
    const item = read().find(({ key }) => key === button?.dataset.outboxCancel);
    if (item) giveBack(item);
  });
  document.addEventListener('submit', ({ target }) => {
    if (!(target instanceof HTMLElement && target.matches('[data-forget]'))) return;
    for (const stored of Object.keys(localStorage))
      if (stored.startsWith(PREFIX)) localStorage.removeItem(stored);
  });
  addEventListener('online', () => void sendAll());
  addEventListener('storage', show);
  setInterval(() => void sendAll(), AGAIN_MS);
  onPage(() => {
    show();
    void sendAll();
  });
}
