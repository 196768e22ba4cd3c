/**
 * Documenting a case: a cause brings its station and says who will read it,
 * until someone chooses a station themselves. Without script the server does
 * the same once the form is sent.
 */
import { first } from './dom.ts';

const FORM = 'form[data-document]';

function cause(box: HTMLInputElement, form: HTMLFormElement): void {
  const { station, goes } = box.dataset;
  const line = first('[data-goes-line]', form);
  const name = first('[data-goes-to]', form);
  if (line && name) {
    line.hidden = !goes;
    name.textContent = goes ?? '';
  }
  if (!station || form.dataset.document === 'placed') return;
  const stop = form.querySelector<HTMLInputElement>(`input[name="station"][value="${CSS.escape(station)}"]`);
  const shown = form.querySelector<HTMLInputElement>('input[name="station_shown"]');
  if (stop) stop.checked = true;
  if (shown) shown.value = station;
}

export function startDocument(): void {
  document.addEventListener('change', ({ target }) => {
    if (!(target instanceof HTMLInputElement)) return;
    const form = target.closest<HTMLFormElement>(FORM);
    if (!form) return;
    if (target.name === 'cause') cause(target, form);
    else if (target.name === 'station') form.dataset.document = 'placed';
  });
}
