/**
 * Forms that ask the server for themselves while they are filled in: another field wants other values, or there is to
 * be a row more or less. The answer is morphed into the form. What was typed since it was asked for stays, what was not
 * is as the server says.
 */
type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
type Request = { sourceElement: Element; target: Element; request: { method: string } };
type Asked = {
  form: HTMLFormElement;
  contents: Map<string, string>;
  /** The value of the button it was asked with. */
  wish: string;
  /** What was typed until the answer came. */
  typed: Map<string, string>;
};

const asked = new WeakMap<object, Asked>();

/** Whether a form asks for itself. */
export const isDraft = ({ sourceElement, target, request }: Request): boolean =>
  request.method !== 'GET' && target instanceof HTMLFormElement && target.contains(sourceElement);

function controls(form: HTMLFormElement): [string, Control][] {
  return [...form.elements]
    .filter(
      (element): element is Control =>
        element instanceof HTMLInputElement ||
        element instanceof HTMLSelectElement ||
        element instanceof HTMLTextAreaElement,
    )
    .filter(({ name, type }) => name && type !== 'hidden')
    .map((control) => [isTicked(control) ? `${control.name}=${control.value}` : control.name, control]);
}

const isTicked = (control: Control): control is HTMLInputElement =>
  control.type === 'checkbox' || control.type === 'radio';

function content(control: Control): string {
  if (isTicked(control)) return String(control.checked);
  if (control instanceof HTMLSelectElement)
    return JSON.stringify([...control.selectedOptions].map(({ value }) => value));
  return control.value;
}

const contents = (form: HTMLFormElement): Map<string, string> =>
  new Map(controls(form).map(([key, control]) => [key, content(control)]));

function write(control: Control, text: string): void {
  if (isTicked(control)) control.checked = text === 'true';
  else if (control instanceof HTMLSelectElement) {
    const values = JSON.parse(text) as string[];
    for (const option of control.options) option.selected = values.includes(option.value);
  } else if (control.value !== text) control.value = text;
}

/** As the server wrote it. */
function adopt(control: Control): void {
  if (isTicked(control)) control.checked = control.defaultChecked;
  else if (control instanceof HTMLSelectElement) {
    const chosen = [...control.options].map(({ defaultSelected }) => defaultSelected);
    if (!control.multiple) control.selectedIndex = Math.max(0, chosen.indexOf(true));
    else for (const [at, option] of [...control.options].entries()) option.selected = chosen[at] ?? false;
  } else if (control.value !== control.defaultValue) control.value = control.defaultValue;
}

/** Whether the control can hold this: another field may have other values. */
const holds = (control: Control, text: string): boolean =>
  !(control instanceof HTMLSelectElement) ||
  (JSON.parse(text) as string[]).every((value) => [...control.options].some((one) => one.value === value));

/** A row that goes or moves makes others of those behind it: what is typed into them cannot be told apart. */
const movesRows = ({ wish }: Asked): boolean => /-\d+$/.test(wish);

function ask(ctx: Request): void {
  if (!isDraft(ctx)) return;
  const form = ctx.target as HTMLFormElement;
  const wish = ctx.sourceElement.getAttribute('value') ?? '';
  asked.set(ctx, { form, contents: contents(form), wish, typed: new Map() });
}

function answered(ctx: Request): void {
  const was = asked.get(ctx);
  if (!was) return;
  for (const [key, now] of contents(was.form)) {
    const changed = was.contents.has(key) && was.contents.get(key) !== now;
    if (changed && !(movesRows(was) && /\d$/.test(key))) was.typed.set(key, now);
  }
}

function shown(ctx: Request): void {
  const was = asked.get(ctx);
  if (!was) return;
  for (const [key, control] of controls(was.form)) {
    const text = was.typed.get(key);
    if (text !== undefined && holds(control, text)) write(control, text);
    else adopt(control);
  }
}

export function startDrafting(): void {
  const on = (name: string, act: (ctx: Request) => void): void =>
    document.addEventListener(`htmx:${name}`, (event) => {
      const { ctx } = (event as CustomEvent<{ ctx?: Request }>).detail;
      if (ctx && !event.defaultPrevented) act(ctx);
    });
  on('before:request', ask);
  on('before:swap', answered);
  on('after:swap', shown);
}
