/**
 * Where the focus goes when an answer takes away what had it, or makes another row's button of it: to the first of
 * `data-then-focus` that is on the page.
 */
import { visible } from './dom.ts';

type Request = { sourceElement: Element; target: Element };
type Handed = { id: string; next: string[]; pressed: boolean };

const handed = new WeakMap<object, Handed>();

function before(ctx: Request): void {
  const active = document.activeElement;
  const holder = [ctx.sourceElement, active].find(
    (one): one is HTMLElement => one instanceof HTMLElement && one.dataset.thenFocus !== undefined,
  );
  if (!holder || !ctx.target.contains(holder)) return;
  const next = (holder.dataset.thenFocus ?? '').split(' ');
  handed.set(ctx, { id: holder.id, next, pressed: holder === ctx.sourceElement });
}

function after(ctx: Request): void {
  const was = handed.get(ctx);
  const active = document.activeElement;
  const lost = !active || active === document.body;
  // Who went on elsewhere meanwhile stays there.
  if (!was || !(lost || (was.pressed && active.id === was.id))) return;
  const elements = was.next.map((id) => document.getElementById(id));
  elements.find((element) => element && visible(element))?.focus();
}

export function startFocus(): void {
  const on = (name: string, act: (ctx: Request) => void): void =>
    document.addEventListener(`htmx:${name}`, (event) => {
      const { ctx } = (event as CustomEvent<{ ctx?: Request }>).detail;
      if (ctx) act(ctx);
    });
  on('before:swap', before);
  on('after:swap', after);
}
