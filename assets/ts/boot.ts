/** Runs before the first paint, so that a stored theme does not flash. Keep it tiny. */
import { applyTheme } from './theme.ts';

if (!document.documentElement.dataset.theme) applyTheme();
