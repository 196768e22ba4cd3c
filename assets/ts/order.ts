/**
 * Lists whose order people change: an item is dragged by its grip, or moved by
 * Alt+↑ and Alt+↓ while something in it has the focus. Both press what the page
 * has for it, which works without a script, too. What does not get through is put
 * back.
 */
import { all, first, toast } from './dom.ts';

type Answer = { request: { form?: HTMLElement | null }; response?: { status: number } };

let dragged: HTMLElement | null = null;
/** The order before somebody began to drag. */
let before: HTMLElement[] = [];
/** The order before what is being sent. */
let sent: { form: HTMLElement; before: HTMLElement[] } | null = null;

const itemOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-order-item]') : null;

const itemsOf = (item: HTMLElement): HTMLElement[] =>
  item.parentElement ? all(':scope > [data-order-item]', item.parentElement) : [];

function pressed(event: KeyboardEvent): void {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const which = { ArrowUp: 'up', ArrowDown: 'down' }[event.key];
  const item = which ? itemOf(event.target) : null;
  const button = item && first(`[data-order-${which}]`, item);
  if (!button) return;
  event.preventDefault();
  button.click();
}

function begun(event: DragEvent): void {
  const grip = event.target instanceof Element ? event.target.closest('[data-order-grip]') : null;
  const item = itemOf(grip);
  if (!item || !event.dataTransfer) return;
  dragged = item;
  before = itemsOf(item);
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setDragImage(item, 0, 0);
  item.classList.add('dragged');
}

/** The item goes where the pointer is, so that one sees what will be. */
function over(event: DragEvent): void {
  const other = itemOf(event.target);
  if (!dragged || !other || other.parentElement !== dragged.parentElement) return;
  event.preventDefault();
  if (other === dragged) return;
  const box = other.getBoundingClientRect();
  const below = box.top + box.height / 2 < event.clientY;
  if (below) other.after(dragged);
  else other.before(dragged);
}

function ended(event: DragEvent): void {
  const item = dragged;
  dragged = null;
  if (!item) return;
  item.classList.remove('dragged');
  const now = itemsOf(item);
  if (event.dataTransfer?.dropEffect === 'none') {
    putBack(before);
    return;
  }
  if (now.every((one, at) => one === before[at])) return;
  const next = now[now.indexOf(item) + 1];
  send(item, next ? `before:${next.dataset.orderItem}` : 'last');
}

const putBack = (items: HTMLElement[]): void => items[0]?.parentElement?.append(...items);

/** Nothing was changed: the list is as it was. */
function failed(said: boolean): void {
  if (sent?.form.isConnected) putBack(sent.before);
  if (!said) toast(document.body.dataset.sayError ?? '');
}

/** After an answer the list is as the server has it, unless there was none or it was refused. */
function answered(event: Event): void {
  const { ctx } = (event as CustomEvent<{ ctx: Answer }>).detail;
  if (!sent || ctx.request.form !== sent.form) return;
  // Why it was refused is said where that is told.
  if (!ctx.response) failed(false);
  else if (400 <= ctx.response.status) failed(true);
  sent = null;
}

/** Another change was still on its way. */
function dropped(event: Event): void {
  const { ctx } = (event as CustomEvent<{ ctx: Answer }>).detail;
  if (!event.defaultPrevented || !sent || ctx.request.form !== sent.form) return;
  failed(false);
  sent = null;
}

/** Presses a button that the item's form would have for this place. */
function send(item: HTMLElement, to: string): void {
  const form = first('[data-order-form]', item);
  if (!form) return;
  const button = document.createElement('button');
  button.name = 'to';
  button.value = to;
  button.hidden = true;
  form.append(button);
  sent = { form, before };
  button.click();
  button.remove();
}

export function startOrder(): void {
  document.addEventListener('keydown', pressed);
  document.addEventListener('dragstart', begun);
  document.addEventListener('dragover', over);
  document.addEventListener('drop', (event) => dragged && event.preventDefault());
  document.addEventListener('dragend', ended);
  document.addEventListener('htmx:config:request', dropped);
  document.addEventListener('htmx:finally:request', answered);
}
