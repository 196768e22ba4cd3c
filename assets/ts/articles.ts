/**
 * Articles for an answer: a dialog that finds them, opened by its key or button, and those that fit the case, shown
 * below the answer once somebody begins to write. What is chosen is inserted as text, in the customer's language if
 * there is one; if not, that is said.
 */
import { items } from './combobox.ts';
import { all, announce, first, onPage } from './dom.ts';
import { startFinder } from './finder.ts';
import { insertWritten } from './snippets.ts';

type Article = { id: number; title: string; begins: string; html: string; other_language: boolean };

function row({ title, begins }: Article): (Node | string)[] {
  return [
    Object.assign(document.createElement('b'), { textContent: title }),
    Object.assign(document.createElement('span'), { textContent: begins, className: 'mut t12 clip' }),
  ];
}

/** Says what is to be known of the marked one, or that none fits. */
function say(article: Article | undefined, asked: string | null, box: HTMLDialogElement): void {
  const place = first('[data-articles-say]', box);
  if (!place) return;
  const { sayOther, sayNone, sayNothingNear } = box.dataset;
  const none = asked === null ? '' : ((asked ? sayNone : sayNothingNear) ?? '');
  place.textContent = article ? (article.other_language ? (sayOther ?? '') : '') : none;
}

function choose(article: Article, box: HTMLDialogElement): void {
  box.close();
  insertWritten(article.html);
  if (article.other_language) announce(box.dataset.sayOther ?? '');
}

/** What fits a case, by where it was asked for: asked once, when somebody begins to write. */
const near = new Map<string, Article[]>();

/** Shows what fits; a page that was morphed has none of it. */
function showNear(): void {
  for (const place of all('[data-articles-near]')) {
    const articles = near.get(place.dataset.articlesNear ?? '') ?? [];
    if (!articles.length || place.childElementCount) continue;
    const title = Object.assign(document.createElement('span'), {
      className: 'mut',
      textContent: place.dataset.articlesTitle ?? '',
    });
    const buttons = articles.map((article) => {
      const button = Object.assign(document.createElement('button'), {
        type: 'button',
        className: 'k-btn quiet sm',
        textContent: article.title,
      });
      button.dataset.insert = article.html;
      button.dataset.insertInto = place.dataset.articlesInto ?? '';
      return button;
    });
    place.replaceChildren(title, ...buttons);
    place.hidden = false;
  }
}

async function askNear(place: HTMLElement): Promise<void> {
  const url = place.dataset.articlesNear ?? '';
  if (near.has(url)) return;
  near.set(url, []);
  near.set(url, await items<Article>(url, '').catch(() => []));
  showNear();
}

export function startArticles(): void {
  onPage(showNear);
  startFinder<Article>('dlg-articles', {
    name: 'articles',
    row,
    take: choose,
    say,
    title: (asked, box) => (asked ? '' : (box.dataset.sayNear ?? '')),
  });
  document.addEventListener('focusin', ({ target }) => {
    const form = target instanceof Element && target.matches('[data-editor]') ? target.closest('form') : null;
    const place = form && first('[data-articles-near]', form);
    if (place) void askNear(place);
  });
}
