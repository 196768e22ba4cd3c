/**
 * Articles for an answer: a dialog that finds them, opened by its key or button, and those that fit the case, shown
 * below the answer once somebody begins to write. What is chosen is inserted as text, in the customer's language if
 * there is one; if not, that is said.
 */
import { Asking, Combobox, items } from './combobox.ts';
import { all, announce, first, onPage } from './dom.ts';
import { insertWritten } from './snippets.ts';

type Article = { id: number; title: string; begins: string; html: string; other_language: boolean };

function row({ title, begins }: Article): (Node | string)[] {
  return [
    Object.assign(document.createElement('b'), { textContent: title }),
    Object.assign(document.createElement('span'), { textContent: begins, className: 'mut t12 clip' }),
  ];
}

/** The dialog. What is inside may be another element after a morph: events are heard at the dialog. */
class Articles {
  private found: Combobox<Article> | undefined;
  private dressed: Element[] = [];
  /** What there was an answer to: before it, none fitting is not said. */
  private asked: string | null = null;
  private readonly asking = new Asking(
    () => items<Article>(this.box.dataset.articlesUrl ?? '', this.input?.value.trim() ?? ''),
    (articles) => {
      this.asked = this.input?.value.trim() ?? '';
      const title = this.asked ? '' : (this.box.dataset.sayNear ?? '');
      this.dress()?.showGroups([{ title, items: articles }]);
    },
  );

  constructor(private readonly box: HTMLDialogElement) {
    box.addEventListener('input', ({ target }) => target === this.input && this.asking.later());
    box.addEventListener('keydown', (event) => event.target === this.input && this.key(event));
    box.addEventListener('toggle', () => (box.open ? this.opened() : this.closed()));
  }

  private get input(): HTMLInputElement | null {
    return this.box.querySelector<HTMLInputElement>('[data-articles-search]');
  }

  /** The list of the elements that are there now. */
  private dress(): Combobox<Article> | undefined {
    const [input, list] = [this.input, first('[data-articles-list]', this.box)];
    if (!input || !list) return undefined;
    if (this.found && this.dressed[0] === input && this.dressed[1] === list) return this.found;
    this.dressed = [input, list];
    this.found = new Combobox<Article>(input, {
      row,
      take: (article) => this.choose(article),
      name: () => input.labels?.[0]?.textContent ?? '',
      list,
      marked: (article) => this.say(article),
    });
    return this.found;
  }

  /** Says what is to be known of the marked one, or that none fits. */
  private say(article: Article | undefined): void {
    const place = first('[data-articles-say]', this.box);
    if (!place) return;
    const { sayOther, sayNone, sayNothingNear } = this.box.dataset;
    const none = this.asked === null ? '' : ((this.asked ? sayNone : sayNothingNear) ?? '');
    place.textContent = article ? (article.other_language ? (sayOther ?? '') : '') : none;
  }

  private choose(article: Article): void {
    this.box.close();
    insertWritten(article.html);
    if (article.other_language) announce(this.box.dataset.sayOther ?? '');
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !this.asking.busy) return void this.found?.key(event);
    // What was typed is newer than what is shown.
    event.preventDefault();
    void this.asking.now(() => this.box.open && this.found?.chosen && this.choose(this.found.chosen));
  }

  private opened(): void {
    this.asked = null;
    this.input?.focus();
    void this.asking.now();
  }

  private closed(): void {
    this.asking.drop();
    if (this.input) this.input.value = '';
  }
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
  const known = new WeakSet<Element>();
  onPage(() => {
    showNear();
    const box = document.querySelector<HTMLDialogElement>('#dlg-articles');
    if (!box || known.has(box)) return;
    known.add(box);
    new Articles(box);
  });
  document.addEventListener('focusin', ({ target }) => {
    const form = target instanceof Element && target.matches('[data-editor]') ? target.closest('form') : null;
    const place = form && first('[data-articles-near]', form);
    if (place) void askNear(place);
  });
}
