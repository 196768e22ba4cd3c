/**
 * Links and forms without a full page load: htmx fetches the next page and
 * morphs the body. Here is what htmx leaves open: what to do with answers that
 * are no pages, where focus goes, which addresses enter the history, and that
 * nothing is sent twice and nothing that was wanted is lost.
 */
import htmx from 'htmx.org';
import { announce, first, pageChanged, toast } from './dom.ts';
import { closeAll } from './dialogs.ts';
import { isDraft } from './drafting.ts';
import { dropDrafts, flushDrafts } from './drafts.ts';
import { detachEditors } from './editors.ts';
import { markOpenRow } from './keys.ts';
import { forgetUnsaved } from './morph.ts';
import { reachable, unreachable } from './offline.ts';
import { keep, prepare } from './outbox.ts';
import { showRefused } from './refused.ts';
import { showOwn } from './thread.ts';

/** The part of htmx's request context that is used here. */
type Context = {
  sourceElement: Element;
  target: Element;
  request: {
    action: string;
    method: string;
    body: unknown;
    headers: Record<string, string>;
    form?: HTMLFormElement | null;
    submitter?: HTMLElement | null;
  };
  response: { raw: Response; status: number };
  /** Of the answer, once it is there. */
  text: string;
  swap: string;
  select?: string;
  push?: string;
  replace?: string;
};
type HtmxEvent = CustomEvent<{ ctx: Context }>;

const LOGIN = '/login';

let posting: Context | null = null;
/** What was wanted while a part of the page was asked for: it is done when that is there. */
let wanted: (() => void) | null = null;
let samePath = false;

const here = (): string => location.pathname + location.search;
const changes = (ctx: Context): boolean => ctx.request.method !== 'GET';
const wholePage = (ctx: Context): boolean => ctx.target === document.body;

/**
 * One change at a time: a second click or Enter must not send twice, nor stop the first. A form that asks for itself
 * changes nothing: the newer question replaces the older one.
 */
function guard(event: HtmxEvent): void {
  const { ctx } = event.detail;
  if (posting && !(isDraft(posting) && isDraft(ctx) && posting.target === ctx.target)) {
    event.preventDefault();
    markOpenRow();
    if (!wholePage(posting) && wholePage(ctx)) wanted = again(ctx);
  } else if (changes(ctx)) posting = ctx;
}

/** The same link or button once more. */
function again({ sourceElement, request }: Context): () => void {
  return () => {
    if (!sourceElement.isConnected) return;
    const { submitter } = request;
    if (sourceElement instanceof HTMLFormElement)
      sourceElement.requestSubmit(submitter?.isConnected ? submitter : null);
    else if (sourceElement instanceof HTMLAnchorElement) sourceElement.click();
  };
}

/** Nothing came back: what was written waits for the connection. */
function failed({ detail }: HtmxEvent): void {
  unreachable();
  markOpenRow();
  if (detail.ctx && changes(detail.ctx) && detail.ctx.text === undefined) keep(detail.ctx.request);
}

/** The button that sent the form last. */
let sender: HTMLElement | null = null;

/** A button may ask for another encoding than its form (`formenctype`), which htmx does not look at. */
function encode({ detail }: HtmxEvent): void {
  const { request } = detail.ctx;
  const asked = request.form?.contains(sender) ? sender?.getAttribute('formenctype') : null;
  if (asked !== 'application/x-www-form-urlencoded' || !(request.body instanceof FormData)) return;
  const texts = [...request.body].filter((pair): pair is [string, string] => typeof pair[1] === 'string');
  request.body = new URLSearchParams(texts);
}

function finished(event: HtmxEvent): void {
  if (posting !== event.detail.ctx) return;
  posting = null;
  const act = wanted;
  wanted = null;
  if (act) queueMicrotask(act);
}

/** A download or an API answer is not a page: let the browser handle it, or say that it failed. */
function refuseWhatIsNoPage(event: HtmxEvent): void {
  const { ctx } = event.detail;
  reachable();
  const { raw, status } = ctx.response;
  if (!wholePage(ctx) || status === 204) return;
  if ((raw.headers.get('content-type') ?? '').startsWith('text/html')) return;
  event.preventDefault();
  if (status < 400 && !changes(ctx)) location.assign(ctx.request.action);
  else toast(document.body.dataset.sayError ?? '');
}

const scriptOf = (html: string): string => /\/assets\/app\.[\w-]+\.js/.exec(html)?.[0] ?? '';

/** A part that its own answer lacks, as after a logout or an error, stays: it would be replaced by nothing. */
function keepPart(event: HtmxEvent): void {
  const { ctx } = event.detail;
  if (!ctx.target.id || ctx.select !== `#${ctx.target.id}`) return;
  const page = new DOMParser().parseFromString(ctx.text, 'text/html');
  if (page.getElementById(ctx.target.id)) return;
  event.preventDefault();
  if (changes(ctx)) toast(document.body.dataset.sayError ?? '');
}

function received(event: HtmxEvent): void {
  const { ctx } = event.detail;
  if (!wholePage(ctx)) return keepPart(event);
  const final = new URL(ctx.response.raw.url || ctx.request.action, location.href);
  if (!/<main[\s>]/i.test(ctx.text)) {
    event.preventDefault();
    toast(document.body.dataset.sayError ?? '');
    return;
  }
  if (
    400 <= ctx.response.status &&
    changes(ctx) &&
    ctx.request.form &&
    showRefused(ctx.request.form, ctx.text)
  ) {
    event.preventDefault();
    return;
  }
  if (ctx.response.status < 400 && scriptOf(ctx.text) !== scriptOf(document.head.innerHTML)) {
    // The server was updated: its pages need their own scripts and styles.
    event.preventDefault();
    if (ctx.request.form && reached(ctx, final)) accepted(ctx.request.form);
    location.assign(final);
    return;
  }
  if (ctx.response.status < 400 && changes(ctx) && ctx.request.form && reached(ctx, final))
    accepted(ctx.request.form);
  samePath = final.pathname === location.pathname;
  keepHistoryClean(ctx, final);
}

/** Whether a change got through: someone logged out meanwhile is only asked to log in. */
const reached = (ctx: Context, final: URL): boolean =>
  final.pathname !== LOGIN || new URL(ctx.request.action, location.href).pathname === LOGIN;

/** The server has the content: nothing of it may come back as a draft. */
function accepted(form: HTMLFormElement): void {
  dropDrafts(form);
  form.reset();
}

function keepHistoryClean(ctx: Context, final: URL): void {
  if (changes(ctx) && 400 <= ctx.response.status) {
    // The address of a refused form cannot be reloaded.
    ctx.push = 'false';
    ctx.swap = `${ctx.swap} show:none`;
  } else if (final.pathname + final.search === here()) {
    ctx.push = 'false';
    ctx.replace = 'true';
    ctx.swap = `${ctx.swap} show:none`;
  }
}

function beforeSwap(event: HtmxEvent): void {
  if (!event.detail.ctx || !wholePage(event.detail.ctx)) return;
  closeAll();
  flushDrafts();
  detachEditors();
  forgetUnsaved();
  const lang = /<html[^>]*\slang="([\w-]+)"/i.exec(event.detail.ctx.text)?.[1];
  if (lang) document.documentElement.lang = lang;
}

function afterSwap(event: HtmxEvent): void {
  if (changes(event.detail.ctx)) showOwn();
  pageChanged();
  if (!wholePage(event.detail.ctx)) return;
  settleFocus();
  if (!samePath) setTimeout(() => announce(document.title), 100);
}

/** Focus goes to the new content unless the person is paging through a list or something asked for it. */
function settleFocus(): void {
  const active = document.activeElement;
  const alive = active && active !== document.body;
  if (first('dialog[open]') || (alive && (samePath || active.matches('[data-row], [autofocus]')))) return;
  first('#main')?.focus({ preventScroll: true });
}

export function startNavigation(): void {
  const on = (name: string, handler: (event: HtmxEvent) => void): void =>
    document.addEventListener(`htmx:${name}`, (event) => handler(event as HtmxEvent));
  on('config:request', guard);
  on('finally:request', finished);
  on('before:response', refuseWhatIsNoPage);
  on('after:request', received);
  on('before:swap', beforeSwap);
  on('after:swap', afterSwap);
  document.addEventListener('submit', (event) => (sender = event.submitter), true);
  on('before:request', encode);
  on('before:request', ({ detail }) => changes(detail.ctx) && prepare(detail.ctx.request));
  on('error', failed);
  htmx.config.defaultFocusScroll = false;
}
