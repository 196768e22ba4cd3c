/**
 * The course of a case: it opens where reading goes on, what one reads stays where it is whatever comes, what came
 * below is offered, and on a phone long messages show their beginning.
 */
import { all, first, onPage, typing } from './dom.ts';

/** Lines of a message that a phone shows whole. */
const LINES = 12;
const PHONE = '(max-width: 480px)';

const courses = (): HTMLElement[] => all('[data-scroll=end]');
const page = (): Element => document.scrollingElement ?? document.documentElement;

/** Whether a box scrolls, by more than what rounding makes of heights. */
const rolls = (box: Element): boolean =>
  4 < box.scrollHeight - box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY);

/** What moves `element` on the screen: the box around it that scrolls, else the page. */
function roller(element: Element): Element {
  let box = element.parentElement;
  while (box && box !== document.body && !rolls(box)) box = box.parentElement;
  return box && box !== document.body ? box : page();
}

/** What customers wrote since the house answered is still to be read; else it is the newest. */
function unread(box: HTMLElement): HTMLElement[] {
  const said = all('.m', box);
  let start = said.length - 1;
  while (0 < start && said[start]?.matches('.cust, .call') && said[start - 1]?.matches('.cust, .call'))
    start -= 1;
  return said.slice(Math.max(0, start));
}

/** Shows the end of a course, but of what was said last the beginning. */
export function toLatest(box: HTMLElement): void {
  const start = unread(box)[0];
  // Beyond its end a box does not scroll: what fits is shown whole.
  if (rolls(box)) box.scrollTop = start?.offsetTop ?? box.scrollHeight;
  // On a phone it is the page that scrolls; where all is unread, it begins with the head of the case.
  else if (start?.matches('.m ~ .m'))
    page().scrollTop +=
      start.getBoundingClientRect().top - (parseFloat(getComputedStyle(start).scrollMarginTop) || 0);
}

/** The newest of each course when its page was last shown. */
const ended = new WeakMap<Element, string>();

const newest = (box: HTMLElement): string => all('.m', box).at(-1)?.id ?? '';

/** Shows what the person has just added to a course. */
export function showOwn(): void {
  for (const box of courses()) {
    const before = ended.get(box);
    if (before !== undefined && before !== newest(box)) toLatest(box);
  }
}

/** The message that one reads: the first that does not end above what is seen. Below the course, the answer. */
function read(box: HTMLElement): HTMLElement | null {
  const upper = rolls(box) ? box.getBoundingClientRect().top : 0;
  const message = all('.m', box).find((one) => upper < one.getBoundingClientRect().bottom);
  return message ?? first('.ed', box.parentElement ?? document);
}

/** What one writes in and what one reads, in this order. */
function held(): Element[] {
  const active = document.activeElement;
  const written = active && typing(active) && !active.closest('dialog') ? [active] : [];
  const texts = courses().map(read);
  return [...written, ...texts.filter((text) => text !== null)];
}

/** Runs `update`; what one writes in and reads stays where it is on the screen, and what came below is offered. */
export function keepPlaces(update: () => void): void {
  const places = held().map((element) => ({ element, top: element.getBoundingClientRect().top }));
  const before = new Map(courses().map((box) => [box, newest(box)]));
  const root = document.documentElement;
  // Browsers that do the same by themselves would do it twice.
  root.toggleAttribute('data-updating', true);
  update();
  const moved = new Set<Element>();
  for (const { element, top } of places) {
    const box = roller(element);
    if (!element.isConnected || moved.has(box)) continue;
    moved.add(box);
    const off = element.getBoundingClientRect().top - top;
    if (1 <= Math.abs(off)) box.scrollTop += off;
  }
  requestAnimationFrame(() => root.removeAttribute('data-updating'));
  for (const [box, last] of before) if (last !== newest(box)) offer(box);
}

/** Is the beginning of the newest message in sight? */
function isSeen(box: HTMLElement): boolean {
  const last = all('.m', box).at(-1);
  const lower = Math.min(box.getBoundingClientRect().bottom, innerHeight) - 40;
  return !last || last.getBoundingClientRect().top < lower;
}

const buttonOf = (box: HTMLElement): HTMLElement | null => first(`[data-below="${CSS.escape(box.id)}"]`);

function offer(box: HTMLElement): void {
  const button = buttonOf(box);
  if (button) button.hidden = isSeen(box);
}

/** What one has scrolled to needs no offer any more. */
function withdraw(): void {
  for (const box of courses()) {
    const button = buttonOf(box);
    if (button && !button.hidden && isSeen(box)) button.hidden = true;
  }
}

function showBelow(button: HTMLElement): void {
  const box = document.getElementById(button.dataset.below ?? '');
  if (!box) return;
  box.focus({ preventScroll: true });
  toLatest(box);
  button.hidden = true;
}

/** Texts that were looked at once: whether they are folded is up to the person from then on. */
const judged = new WeakSet<Element>();

/** On a phone long messages show their beginning, but for what is still to be read. */
function foldLong(): void {
  if (!matchMedia(PHONE).matches) return;
  for (const box of courses()) {
    const open = unread(box);
    for (const button of all('[data-unfold]', box)) {
      const text = document.getElementById(button.dataset.unfold ?? '');
      if (!text || judged.has(text)) continue;
      judged.add(text);
      const isLong = LINES * 1.5 * parseFloat(getComputedStyle(text).fontSize) < text.scrollHeight;
      if (isLong && !open.some((message) => message.contains(text))) fold(button, text, true);
    }
  }
}

function fold(button: HTMLElement, text: HTMLElement, folded: boolean): void {
  text.toggleAttribute('data-folded', folded);
  button.hidden = false;
  button.setAttribute('aria-expanded', String(!folded));
}

function toggle(button: HTMLElement): void {
  const text = document.getElementById(button.dataset.unfold ?? '');
  if (!text) return;
  const folded = !text.hasAttribute('data-folded');
  fold(button, text, folded);
  if (folded) text.closest('.m')?.scrollIntoView({ block: 'nearest' });
}

/** What the keyboard comes to is not cut off. */
function unfold(target: EventTarget | null): void {
  const text = target instanceof Element ? target.closest<HTMLElement>('[data-folded]') : null;
  const button = text && first(`[data-unfold="${CSS.escape(text.id)}"]`);
  if (button) fold(button, text, false);
}

export function startThread(): void {
  document.addEventListener('click', ({ target }) => {
    if (!(target instanceof Element)) return;
    const below = target.closest<HTMLElement>('[data-below]');
    const more = target.closest<HTMLElement>('[data-unfold]');
    if (below) showBelow(below);
    if (more) toggle(more);
  });
  document.addEventListener('focusin', ({ target }) => unfold(target));
  document.addEventListener('scroll', withdraw, { capture: true, passive: true });
  onPage(() => {
    foldLong();
    const called = document.getElementById(location.hash.slice(1));
    for (const box of courses()) {
      // A link may lead to one message.
      if (!ended.has(box) && called && box.contains(called)) {
        unfold(first('[data-folded]', called));
        called.scrollIntoView({ block: 'start' });
      } else if (!ended.has(box)) toLatest(box);
      ended.set(box, newest(box));
    }
    withdraw();
  });
}
