/**
 * Rich text for replies: Squire on a `[data-editor]` element, its HTML kept in
 * step with the text area it stands for. The server sanitizes again; DOMPurify
 * here only keeps pasted content tidy and harmless. No fonts or colours, and no
 * pictures but those that were put in here: what is sent should look like a letter,
 * not like the page it was copied from.
 */
import DOMPurify from 'dompurify';
import Squire from 'squire-rte';
import { all, first, toast } from './dom.ts';
import { loadDraft, noteRestored, saveDraft } from './drafts.ts';
import { mark, unmark } from './refused.ts';
import { openSnippets, setWriter } from './snippets.ts';

type Editor = { root: HTMLElement; form: HTMLFormElement; squire: Squire; detach: () => void };

const editors = new Map<HTMLElement, Editor>();
/** Fields in which an editor wrote: what stands there nobody typed into them. */
const written = new WeakSet<HTMLTextAreaElement>();

const ALLOWED = {
  ALLOWED_TAGS: [
    'p',
    'div',
    'br',
    'b',
    'strong',
    'i',
    'em',
    'u',
    's',
    'a',
    'ul',
    'ol',
    'li',
    'blockquote',
    'pre',
    'code',
    'img',
  ],
  ALLOWED_ATTR: ['href', 'src', 'alt'],
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} as const;

function sanitize(html: string): DocumentFragment {
  const fragment = DOMPurify.sanitize(html, {
    ...ALLOWED,
    ALLOWED_TAGS: [...ALLOWED.ALLOWED_TAGS],
    ALLOWED_ATTR: [...ALLOWED.ALLOWED_ATTR],
  });
  const clean = document.importNode(fragment as unknown as DocumentFragment, true);
  // Pictures from elsewhere would load when the customer opens the mail.
  for (const picture of clean.querySelectorAll('img'))
    if (!picture.getAttribute('src')?.startsWith('/uploads/')) picture.remove();
  return clean;
}

/** Plain text as paragraphs; an empty line separates them. */
function fromText(text: string): string {
  const holder = document.createElement('p');
  return text
    .split(/\n{2,}/)
    .map((paragraph) => {
      holder.innerText = paragraph;
      return `<p>${holder.innerHTML}</p>`;
    })
    .join('');
}

export function attach(root: HTMLElement): void {
  const form = root.closest('form');
  const name = root.dataset.editor ?? '';
  const area = form?.querySelector<HTMLTextAreaElement>(`textarea[name="${CSS.escape(name)}"]`);
  if (!form || !area || editors.has(root)) return;
  const format = form.querySelector<HTMLInputElement>(`input[name="${CSS.escape(name)}_format"]`);

  const was = { format: format?.value ?? '', required: area.required };
  // Whoever was faster than the editor wrote into the plain field.
  const writing = document.activeElement === area;
  const typed = written.has(area) ? '' : area.value.slice(commonStart(area));
  label(root, area);
  root.hidden = false;
  area.hidden = true;
  // A hidden required field could not be pointed at; the editor checks instead.
  area.required = false;
  const squire = new Squire(root, { blockTag: 'P', sanitizeToDOMFragment: sanitize });
  const detach = (): void => {
    squire.destroy();
    root.removeAttribute('contenteditable');
    root.replaceChildren();
    root.hidden = true;
    area.hidden = false;
    area.required = was.required;
    if (format) format.value = was.format;
    editors.delete(root);
  };
  editors.set(root, { root, form, squire, detach });

  const given = typed ? area.defaultValue : area.value;
  written.add(area);
  const server = was.format === 'html' ? given : given && fromText(given);
  const draft = root.dataset.draft ? loadDraft(root.dataset.draft, root) : '';
  if (format) format.value = 'html';
  squire.setHTML((draft || server) + (typed && fromText(typed)));
  if (draft && draft !== server) noteRestored(root);
  keepInStep(root, area, squire);
  if (typed && root.dataset.draft) saveDraft(root.dataset.draft, area.value);
  if (writing) squire.focus().moveCursorToEnd();
  showFormats(form, squire);
  if (was.required) root.setAttribute('aria-required', 'true');
}

/** How much of what stands in the field was there before somebody typed. */
const commonStart = ({ value, defaultValue }: HTMLTextAreaElement): number =>
  value.startsWith(defaultValue) ? defaultValue.length : 0;

/** The editor answers to the text area's label. */
function label(root: HTMLElement, area: HTMLTextAreaElement): void {
  const text = area.labels?.[0]?.textContent?.trim() ?? area.getAttribute('aria-label') ?? '';
  root.setAttribute('role', 'textbox');
  root.setAttribute('aria-multiline', 'true');
  root.setAttribute('aria-label', text);
  if (area.hasAttribute('aria-describedby')) {
    root.setAttribute('aria-describedby', area.getAttribute('aria-describedby') ?? '');
  }
}

const isEmpty = (root: HTMLElement): boolean => !root.textContent?.trim() && !root.querySelector('img');

function keepInStep(root: HTMLElement, area: HTMLTextAreaElement, squire: Squire): void {
  /** True if the text is another one. */
  const sync = (): boolean => {
    const before = area.value;
    area.value = isEmpty(root) ? '' : squire.getHTML();
    root.toggleAttribute('data-empty', isEmpty(root));
    return area.value !== before;
  };
  squire.addEventListener('input', () => {
    const changed = sync();
    // The editor also reports changes of its own, such as an empty last line, and what it was filled with.
    if (!isEmpty(root)) unmark(root);
    if (changed && root.dataset.draft) saveDraft(root.dataset.draft, area.value);
    showHoles(root);
  });
  sync();
  showHoles(root);
}

/** Says that something is left to be filled in: the server refuses such a text. */
function showHoles(root: HTMLElement): void {
  const note = first('[data-holes]', root.closest('form') ?? document);
  if (note) note.hidden = !/\{\{\s*[a-z._-]+\s*\}\}/.test(root.textContent ?? '');
}

/** Pictures go to the server at once and stand in the text; what is no picture is left to the list of files. */
async function putPictures(editor: Editor, files: File[]): Promise<void> {
  for (const file of files) {
    const form = new FormData();
    form.append('file', file);
    const response = await fetch(editor.root.dataset.uploads ?? '', {
      method: 'POST',
      headers: { Accept: 'application/json' },
      body: form,
    }).catch(() => null);
    if (!response?.ok) {
      toast(document.body.dataset.sayError ?? '');
      return;
    }
    const { url } = (await response.json()) as { url: string };
    editor.squire.insertImage(url, { alt: file.name });
  }
}

const pictures = (data: DataTransfer | null): File[] =>
  [...(data?.files ?? [])].filter(({ type }) => /^image\/(png|jpeg|gif|webp)$/.test(type));

/** A screenshot is put into the text. Of text from other programs they also bring a picture, which nobody wants. */
function pasted(event: ClipboardEvent): void {
  const editor = editorAt(event.target);
  const files = pictures(event.clipboardData);
  if (!editor?.root.dataset.uploads || !files.length || event.clipboardData?.types.includes('text/html'))
    return;
  event.preventDefault();
  event.stopPropagation();
  void putPictures(editor, files);
}

/** Dropped on the text, pictures are put into it; beside it everything is attached. */
function dropped(event: DragEvent): void {
  const editor = editorAt(event.target);
  const files = pictures(event.dataTransfer);
  if (!editor?.root.dataset.uploads || !files.length || files.length !== event.dataTransfer?.files.length)
    return;
  event.preventDefault();
  event.stopImmediatePropagation();
  editor.form.classList.remove('dropping');
  void putPictures(editor, files);
}

const editorAt = (target: EventTarget | null): Editor | undefined => {
  const root = target instanceof Element ? target.closest<HTMLElement>('[data-editor]') : null;
  return root ? editors.get(root) : undefined;
};

document.addEventListener('paste', pasted, true);
// Before the list of files takes everything.
addEventListener('drop', dropped, true);

const insertInto =
  ({ squire }: Editor) =>
  (html: string): void => {
    squire.focus().insertHTML(html);
  };

/** `;;` asks for a text module: both signs go, the dialog comes. */
function shortcut(editor: Editor): void {
  const { squire } = editor;
  const range = squire.getSelection();
  const { startContainer: node, startOffset: end } = range;
  if (!range.collapsed || !(node instanceof Text) || node.data.slice(end - 2, end) !== ';;') return;
  range.setStart(node, end - 2);
  range.deleteContents();
  squire.setSelection(range);
  openSnippets(insertInto(editor));
}

/** `- ` or `1. ` at the beginning of a line makes a list of it; taken back, the signs stand there as typed. */
function listing({ root, squire }: Editor): void {
  const range = squire.getSelection();
  const node = range.startContainer;
  const line = node instanceof Text ? node.parentElement?.closest('p, div') : null;
  if (!range.collapsed || !line || line === root || line.closest('li')) return;
  const signs = document.createRange();
  signs.setStart(line, 0);
  signs.setEnd(node, range.startOffset);
  const made = /^(?:(-)|1\.)[ \u00a0]$/.exec(signs.toString().replaceAll('\u200b', ''));
  if (!made) return;
  squire.saveUndoState();
  signs.deleteContents();
  // A line without anything in it has no height.
  if (!line.firstChild) line.append(document.createElement('br'));
  range.setStart(line, 0);
  range.collapse(true);
  squire.setSelection(range);
  if (made[1]) squire.makeUnorderedList();
  else squire.makeOrderedList();
}

document.addEventListener('input', (event) => {
  const editor = editorAt(event.target);
  if (editor?.root.dataset.snippets) shortcut(editor);
  const typed = event instanceof InputEvent && event.inputType === 'insertText' ? event.data : null;
  if (editor && typed === ' ') listing(editor);
});

// The browser reports a moved caret a moment late: whoever leaves at once would come back a letter before it.
document.addEventListener('blur', ({ target }) => editorAt(target)?.squire.getSelection(), true);

setWriter(() => {
  const editor = [...editors.values()].find(({ root }) => root.dataset.snippets);
  return editor ? insertInto(editor) : null;
});

const FORMATS: Record<string, { on: (s: Squire) => boolean; toggle: (s: Squire, on: boolean) => void }> = {
  bold: { on: (s) => s.hasFormat('B'), toggle: (s, on) => (on ? s.removeBold() : s.bold()) },
  italic: { on: (s) => s.hasFormat('I'), toggle: (s, on) => (on ? s.removeItalic() : s.italic()) },
  list: { on: (s) => s.hasFormat('UL'), toggle: (s, on) => (on ? s.removeList() : s.makeUnorderedList()) },
  numbers: { on: (s) => s.hasFormat('OL'), toggle: (s, on) => (on ? s.removeList() : s.makeOrderedList()) },
  quote: {
    on: (s) => s.hasFormat('BLOCKQUOTE'),
    toggle: (s, on) => (on ? s.decreaseQuoteLevel() : s.increaseQuoteLevel()),
  },
  clear: { on: () => false, toggle: (s) => s.removeAllFormatting() },
};

function showFormats(form: HTMLFormElement, squire: Squire): void {
  const show = (): void => {
    for (const button of all('[data-ed]', form)) {
      const format = FORMATS[button.dataset.ed ?? ''];
      if (format && button.dataset.ed !== 'clear')
        button.setAttribute('aria-pressed', String(format.on(squire)));
    }
  };
  squire.addEventListener('pathChange', show);
  squire.addEventListener('select', show);
  show();
}

/** An address as people type it; null for schemes that have no place in a letter. */
function address(typed: string): string | null {
  const text = typed.trim();
  if (!text) return null;
  if (/^(https?:|mailto:|tel:)/i.test(text)) return text;
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? null : `https://${text}`;
}

function link(editor: Editor, row: HTMLElement | null): void {
  if (editor.squire.hasFormat('A')) editor.squire.removeLink();
  else if (row) {
    row.hidden = !row.hidden;
    if (!row.hidden) first('input', row)?.focus();
  }
}

function insertLink(editor: Editor, row: HTMLElement): void {
  const input = row.querySelector('input');
  const url = address(input?.value ?? '');
  if (input) input.value = '';
  row.hidden = true;
  editor.squire.focus();
  if (url) editor.squire.makeLink(url);
}

const editorOf = (element: Element): Editor | undefined => {
  const form = element.closest('form');
  return [...editors.values()].find((editor) => editor.form === form);
};

document.addEventListener('mousedown', (event) => {
  // Toolbar buttons must not take the selection away from the text.
  if (event.target instanceof Element && event.target.closest('[data-ed], [data-insert], [data-insert-text]'))
    event.preventDefault();
});

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return;
  const insert = target.closest<HTMLElement>('[data-insert], [data-insert-text]');
  if (insert) {
    const editor = [...editors.values()].find(({ root }) => root.id === insert.dataset.insertInto);
    // In a dialog nothing else can be focused.
    insert.closest('dialog')?.close();
    const { insert: html, insertText: text } = insert.dataset;
    if (text) editor?.squire.focus().insertPlainText(text, false);
    else editor?.squire.focus().insertHTML(html ?? '');
    return;
  }
  const editor = editorOf(target);
  if (!editor) return;
  const row = first('[data-ed-link]', editor.form);
  const tool = target.closest<HTMLElement>('[data-ed]')?.dataset.ed;
  if (tool === 'link') link(editor, row);
  else if (tool) {
    const format = FORMATS[tool];
    format?.toggle(editor.squire, format.on(editor.squire));
    editor.squire.focus();
  } else if (row && row.contains(target) && target.closest('button')) insertLink(editor, row);
  else if (target.closest('label') && target.closest('label')?.control?.hidden) editor.root.focus();
});

document.addEventListener('keydown', (event) => {
  const { target } = event;
  const row = target instanceof Element ? target.closest<HTMLElement>('[data-ed-link]') : null;
  const editor = row && editorOf(row);
  if (!row || !editor || (event.key !== 'Enter' && event.key !== 'Escape')) return;
  event.preventDefault();
  event.stopPropagation();
  if (event.key === 'Enter') insertLink(editor, row);
  else {
    row.hidden = true;
    editor.squire.focus();
  }
});

/** Empty required editors stop the form, as an empty required field would. */
document.addEventListener(
  'submit',
  (event) => {
    const editor = [...editors.values()].find(({ form }) => form === event.target);
    if (!editor || editor.root.getAttribute('aria-required') !== 'true' || !isEmpty(editor.root)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    mark(editor.root, document.body.dataset.sayRequired ?? '');
    editor.root.focus();
  },
  true,
);

export function detachAll(): void {
  for (const editor of [...editors.values()]) editor.detach();
}
