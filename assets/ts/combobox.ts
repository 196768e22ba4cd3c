/**
 * The one list of options below a field (ARIA combobox with listbox): focus stays in the field, arrows mark, Enter takes,
 * Escape closes. Where options come from, what they look like and what becomes of a choice is the caller's.
 * A list of its own is on the page only while it is open, so that a morph meets what the server wrote.
 * A list that is older than what was typed takes nothing: nobody chose what stands there.
 */
import { all, toast } from './dom.ts';
import { unreachable } from './offline.ts';

export type Behaviour<T> = {
  /** What an option shows. */
  row: (item: T) => (Node | string)[];
  take: (item: T) => void;
  /** What the list is called. */
  name: () => string;
  /** The list is a part of the page, as in a dialog that is made of it: always there, and Escape is the dialog's. */
  list?: HTMLElement;
  /** Tab takes, too, as where names are written one after the other. */
  tab?: boolean;
  /** Nothing is marked until an arrow is pressed: Enter means what was typed. */
  free?: boolean;
  /** Hears what is marked. */
  marked?: (item: T | undefined) => void;
  /** Where the options are asked for. */
  asking?: () => { busy: boolean; drop: () => void };
};

/** Options that belong together under a heading; without a title they stand by themselves. */
export type Group<T> = { title: string; items: T[] };

/** Opens after typing has paused for so long. */
const PAUSE_MS = 120;

let lists = 0;

/** Fields with a list, and those whose list is open. */
const fields = new WeakSet<Element>();
const open = new WeakSet<Element>();

/** Whether Escape closes a list below `field`. */
export const hasOpenList = (field: EventTarget | null): boolean =>
  field instanceof Element && open.has(field);

const SAID = /^(role|aria-(autocomplete|expanded|controls|activedescendant))$/;

/** Whether `name` is said by the list of `field`: the server knows nothing of it. */
export const saidByList = (field: Element, name: string): boolean => fields.has(field) && SAID.test(name);

export class Combobox<T> {
  private readonly list: HTMLElement;
  private items: T[] = [];
  /** -1: what was typed. */
  private active = -1;

  constructor(
    private readonly field: HTMLElement,
    private readonly does: Behaviour<T>,
  ) {
    this.list = does.list ?? document.createElement('div');
    if (!does.list) this.list.className = 'k-options';
    this.list.id ||= `options-${++lists}`;
    fields.add(field);
    // A field of many lines stays what it is: it only proposes.
    if (field instanceof HTMLInputElement) field.setAttribute('role', 'combobox');
    field.setAttribute('aria-autocomplete', 'list');
    this.list.hidden = true;
    this.tell();
    if (!does.list) field.addEventListener('blur', () => this.close());
  }

  get open(): boolean {
    return !this.list.hidden;
  }

  /** What Enter would take. */
  get chosen(): T | undefined {
    return this.items[this.active];
  }

  /** Shows options, with the one at `active` marked. */
  show(items: T[], active = this.does.free ? -1 : 0): void {
    this.showGroups([{ title: '', items }], active);
  }

  showGroups(groups: Group<T>[], active = this.does.free ? -1 : 0): void {
    this.items = groups.flatMap(({ items }) => items);
    // An answer that came too late opens nothing below a field that was left.
    const left = !this.does.list && document.activeElement !== this.field;
    if (left || !this.items.length) return this.close();
    // A list of the page's own was written by the server again in a morph.
    this.list.setAttribute('role', 'listbox');
    this.list.setAttribute('aria-label', this.does.name());
    const full = groups.filter(({ items }) => items.length);
    let from = 0;
    const parts = full.map((group, at) => {
      const options = group.items.map((item, index) => this.option(item, from + index));
      from += options.length;
      return group.title ? [this.group(group.title, at, options)] : options;
    });
    this.list.replaceChildren(...parts.flat());
    if (!this.does.list && !this.list.isConnected) this.field.after(this.list);
    this.list.hidden = false;
    this.tell();
    this.mark(active);
  }

  close(): void {
    this.items = [];
    this.active = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    if (!this.does.list) this.list.remove();
    this.tell();
    this.does.marked?.(undefined);
  }

  /** True if the key was for the list. */
  key(event: KeyboardEvent): boolean {
    if (!this.open || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.step(step);
    else if (this.takes(event) && this.chosen !== undefined) {
      if (!this.does.asking?.().busy) this.choose(this.active);
      // Tab leaves all the same; Enter waits to be pressed once more.
      else if (event.key === 'Tab') return false;
    } else if (event.key === 'Escape' && !this.does.list) this.shut();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  /** Closed by the person: what is still asked for opens nothing. */
  private shut(): void {
    this.does.asking?.().drop();
    this.close();
  }

  private takes({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey) return false;
    return key === 'Enter' || (key === 'Tab' && !shiftKey && this.does.tab === true);
  }

  /** Around, with one place more where what was typed can be meant. */
  private step(by: number): void {
    const places = this.items.length + (this.does.free ? 1 : 0);
    const first = this.does.free ? -1 : 0;
    this.mark(((this.active - first + by + places) % places) + first);
  }

  /** What was typed is meant again, where that can be. */
  unmark(): void {
    if (this.open && this.does.free) this.mark(-1);
  }

  private mark(index: number): void {
    this.active = Math.min(index, this.items.length - 1);
    const options = all('[role=option]', this.list);
    options.forEach((option, at) => {
      option.setAttribute('aria-selected', String(at === this.active));
      option.classList.toggle('on', at === this.active);
    });
    const marked = options[this.active];
    marked?.scrollIntoView({ block: 'nearest' });
    if (marked) this.field.setAttribute('aria-activedescendant', marked.id);
    else this.field.removeAttribute('aria-activedescendant');
    this.does.marked?.(this.chosen);
  }

  private choose(index: number): void {
    const item = this.items[index];
    if (item === undefined) return;
    if (!this.does.list) this.close();
    this.does.take(item);
  }

  private option(item: T, index: number): HTMLElement {
    const option = document.createElement('div');
    option.className = 'o';
    option.id = `${this.list.id}-${index}`;
    option.setAttribute('role', 'option');
    option.append(...this.does.row(item));
    option.addEventListener('mousemove', () => index !== this.active && this.mark(index));
    // The field keeps focus: losing it would close the list before the click.
    option.addEventListener('mousedown', (event) => event.preventDefault());
    option.addEventListener('click', () => this.choose(index));
    return option;
  }

  private group(title: string, at: number, options: HTMLElement[]): HTMLElement {
    const group = document.createElement('div');
    group.setAttribute('role', 'group');
    const heading = document.createElement('div');
    heading.className = 'h';
    heading.id = `${this.list.id}-h${at}`;
    heading.textContent = title;
    // The heading names the group; as an own element it has no place in a listbox.
    heading.setAttribute('role', 'presentation');
    group.setAttribute('aria-labelledby', heading.id);
    group.append(heading, ...options);
    return group;
  }

  /** Says whether the list is there. */
  private tell(): void {
    if (this.open) open.add(this.field);
    else open.delete(this.field);
    if (this.field instanceof HTMLInputElement) this.field.setAttribute('aria-expanded', String(this.open));
    if (this.open) this.field.setAttribute('aria-controls', this.list.id);
    else this.field.removeAttribute('aria-controls');
    if (!this.open) this.field.removeAttribute('aria-activedescendant');
  }
}

/** Asks after a pause; a slow answer to an older question is dropped. */
export class Asking<A> {
  private asked = 0;
  private out = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly ask: () => Promise<A>,
    private readonly answered: (answer: A) => void,
  ) {}

  /** Whether an answer is still to come: what is shown is older than what was typed. */
  get busy(): boolean {
    return this.timer !== undefined || this.out;
  }

  later(pause = PAUSE_MS): void {
    this.drop();
    this.timer = setTimeout(() => void this.now(), pause);
  }

  /** `then` happens with the answer, and not at all if nobody wants to know any more when it comes. */
  async now(then?: () => void): Promise<void> {
    this.drop();
    const asked = this.asked;
    this.out = true;
    const answer = await this.ask().catch(() => undefined);
    if (asked !== this.asked) return;
    this.out = false;
    if (answer === undefined) return;
    this.answered(answer);
    then?.();
  }

  /** Nobody wants to know any more. */
  drop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.out = false;
    this.asked += 1;
  }
}

/** The items of a JSON answer. That it could not be had is told, and fails: it does not mean that there are none. */
export async function items<T>(url: string, typed: string, along: Record<string, string> = {}): Promise<T[]> {
  const address = new URL(url, location.href);
  for (const [name, value] of Object.entries({ q: typed, ...along })) address.searchParams.set(name, value);
  const response = await fetch(address, { headers: { Accept: 'application/json' } }).catch(() => null);
  if (!response) unreachable();
  else if (500 <= response.status) toast(document.body.dataset.sayError ?? '');
  if (!response?.ok) throw new Error(String(response?.status ?? 'no connection'));
  return ((await response.json()) as { items: T[] }).items;
}

/** A line of an option: what it is, and something about it in grey. */
export function line(title: string, detail: string, classes = 'mut'): Node[] {
  const name = Object.assign(document.createElement('b'), { textContent: title });
  if (!detail) return [name];
  return [
    name,
    document.createTextNode(' '),
    Object.assign(document.createElement('span'), { className: classes, textContent: detail }),
  ];
}

const SVG = 'http://www.w3.org/2000/svg';

/** An icon of the page's sprite. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'ic');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  const sprite = document.getElementById('cmd')?.dataset.icons ?? '';
  use.setAttribute('href', `${sprite}#i-${name}`);
  svg.append(use);
  return svg;
}

/** Without case and diacritics: `losung` finds „Lösung“. */
export const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
