/**
 * Loads the editor only where a page has one. The editor and its sanitizer are
 * most of the script weight; the inbox without an open case needs neither.
 */
import { all, first, onPage } from './dom.ts';
import { activate } from './keys.ts';

type EditorModule = typeof import('./editor.ts');

let loaded: EditorModule | null = null;

async function attachAll(): Promise<void> {
  if (!all('[data-editor]').length) return;
  loaded ??= await import('./editor.ts');
  for (const root of all('[data-editor]')) loaded.attach(root);
  resume();
}

/** Whoever took an answer back goes on writing it: what they type next is text, not keys. */
function resume(): void {
  const root = first('[data-editor][data-resume]');
  if (!root) return;
  root.removeAttribute('data-resume');
  activate(root);
}

/** Gives the plain text areas back, so that a morph sees the server's elements. */
export function detachEditors(): void {
  loaded?.detachAll();
}

export function startEditors(): void {
  onPage(() => void attachAll());
}
