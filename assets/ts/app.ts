/**
 * The script of every page. It only wires: pages say in data attributes what
 * they want (see ../README.md), each module looks after one kind of them.
 */
import { startActive } from './active.ts';
import { startDialogs } from './dialogs.ts';
import { startDocument } from './document.ts';
import { onPage } from './dom.ts';
import { startDrafts } from './drafts.ts';
import { startDue } from './due.ts';
import { startEditors } from './editors.ts';
import { startFiles } from './files.ts';
import { startFrames } from './frame.ts';
import { startKeys } from './keys.ts';
import { startLive } from './live.ts';
import { startMentions } from './mentions.ts';
import { startMorph } from './morph.ts';
import { startNavigation } from './navigation.ts';
import { startOffline } from './offline.ts';
import { startOwnFields } from './ownfields.ts';
import { startPage } from './page.ts';
import { startPresence } from './presence.ts';
import { startPalette } from './palette.ts';
import { startPicker } from './picker.ts';
import { startPick } from './pick.ts';
import { startRecipients } from './recipients.ts';
import { startRefused } from './refused.ts';
import { startSnippets } from './snippets.ts';
import { startSearch } from './search.ts';
import { startTheme } from './theme.ts';
import { startToasts } from './toasts.ts';

startMorph();
startNavigation();
startRefused();
startOffline();
startTheme(onPage);
startDialogs();
startDocument();
startKeys();
startPalette();
startPicker();
startOwnFields();
startPick();
startSearch();
startDrafts();
startRecipients();
startMentions();
startSnippets();
startEditors();
startFiles();
startFrames();
startPage();
startDue();
startToasts();
startActive();
startPresence();
startLive();
