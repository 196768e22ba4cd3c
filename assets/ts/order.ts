/**
 * Lists whose order people change: an item is dragged by its grip, or moved by
 * ⌥↑ and ⌥↓ while something in it has the focus. Both press what the page has
 * for it, which works without a script, too.
 */
import { all, first } from './dom.ts';

let dragged: HTMLElement | null = null;
/** The order before somebody began to drag. */
let before: HTMLElement[] = [];

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
    item.parentElement?.append(...before);
    return;
  }
  if (now.every((one, at) => one === before[at])) return;
  const next = now[now.indexOf(item) + 1];
  send(item, next ? `before:${next.dataset.orderItem}` : 'last');
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
  button.click();
  button.remove();
}

export function startOrder(): void {
  document.addEventListener('keydown', pressed);
  document.addEventListener('dragstart', begun);
  document.addEventListener('dragover', over);
  document.addEventListener('drop', (event) => dragged && event.preventDefault());
  document.addEventListener('dragend', ended);
}
