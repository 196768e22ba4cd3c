/** Attachments: pick or drop, see the list, take one out again. Sent as an ordinary form field. */
import { all, fill, first, onPage } from './dom.ts';

const chosen = new WeakMap<HTMLInputElement, File[]>();

const inputOf = (form: HTMLElement): HTMLInputElement | null => form.querySelector('input[type=file]');

function size(bytes: number): string {
  const format = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  return bytes < 1e6 ? `${format.format(Math.ceil(bytes / 1e3))} kB` : `${format.format(bytes / 1e6)} MB`;
}

function put(form: HTMLElement, input: HTMLInputElement, files: File[]): void {
  chosen.set(input, files);
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  // Tells that the form has unsaved input.
  input.dispatchEvent(new Event('input', { bubbles: true }));
  show(form, input);
}

function add(form: HTMLElement, input: HTMLInputElement, files: Iterable<File>): void {
  const list = first('[data-files-list]', form);
  const max = Number(list?.dataset.max ?? Infinity);
  const all = [...(chosen.get(input) ?? []), ...files];
  const small = all.filter((file) => file.size <= max);
  put(form, input, small);
  const big = all.find((file) => max < file.size);
  if (list && big) list.append(line(fill(list.dataset.tooLarge ?? '', { name: big.name }), 'err'));
}

function line(text: string, className = ''): HTMLLIElement {
  return Object.assign(document.createElement('li'), { textContent: text, className });
}

/** The files that do not fit into a mail and go as links: the largest first, as the server shares them out. */
function linked(files: File[], max: number): Set<File> {
  const travelling = (file: File): number => Math.ceil(file.size / 3) * 4 * (78 / 76) + 402;
  const links = new Set<File>();
  // The text, its pictures and what is said about links take some room.
  let total = files.reduce((sum, file) => sum + travelling(file), 20_000);
  for (const file of files.toSorted((a, b) => b.size - a.size)) {
    if (total <= max) break;
    links.add(file);
    total -= travelling(file);
  }
  return links;
}

function show(form: HTMLElement, input: HTMLInputElement): void {
  const list = first('[data-files-list]', form);
  if (!list) return;
  const files = chosen.get(input) ?? [];
  const links = linked(files, Number(list.dataset.mailMax ?? Infinity));
  list.replaceChildren(
    ...files.map((file, index) => {
      const item = line('');
      const name = Object.assign(document.createElement('span'), {
        textContent: file.name,
        className: 'clip',
      });
      const bytes = Object.assign(document.createElement('span'), {
        textContent: links.has(file) ? `${size(file.size)}, ${list.dataset.asLink ?? ''}` : size(file.size),
        className: 'mut num',
      });
      const remove = Object.assign(document.createElement('button'), { type: 'button', textContent: '×' });
      remove.className = 'k-btn quiet icon sm';
      remove.setAttribute('aria-label', fill(list.dataset.remove ?? '{name}', { name: file.name }));
      remove.addEventListener('click', () => put(form, input, files.toSpliced(index, 1)));
      item.append(name, bytes, remove);
      return item;
    }),
  );
}

/** The form that takes files; anywhere on a case that is its answer. */
const target = (event: Event): HTMLElement | null => {
  if (!(event.target instanceof Element)) return null;
  const form = event.target.closest<HTMLElement>('[data-files]');
  const dropping = event.type.startsWith('drag') || event.type === 'drop';
  const around = dropping ? event.target.closest('[data-drop]') : null;
  return form ?? (around && first('[data-files]', around));
};

function drop(event: DragEvent): void {
  const form = target(event);
  const input = form && inputOf(form);
  if (!input || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  event.stopPropagation();
  form.classList.remove('dropping');
  add(form, input, event.dataTransfer.files);
}

export function startFiles(): void {
  document.addEventListener('click', (event) => {
    const form = target(event);
    if (form && event.target instanceof Element && event.target.closest('[data-files-pick]'))
      inputOf(form)?.click();
  });
  document.addEventListener('change', (event) => {
    const form = target(event);
    const input = event.target;
    if (!form || !(input instanceof HTMLInputElement) || input.type !== 'file') return;
    add(form, input, [...(input.files ?? [])]);
  });
  document.addEventListener('dragover', (event) => {
    const form = target(event);
    if (!form || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    form.classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    const form = target(event);
    if (form && !form.contains(event.relatedTarget as Node | null)) form.classList.remove('dropping');
  });
  // Captured, since the editor would insert dropped files as text.
  document.addEventListener('drop', drop, true);
  document.addEventListener('reset', (event) => {
    const form = target(event);
    const input = form && inputOf(form);
    if (!input) return;
    chosen.delete(input);
    show(form, input);
  });
  onPage(() => {
    for (const form of all('[data-files]')) {
      const input = inputOf(form);
      // A morph empties the list of files that the field still holds.
      if (input && chosen.get(input)?.length && !first('[data-files-list] li', form)) show(form, input);
    }
  });
}
