import { afterEach, beforeEach, describe } from 'vitest';
import { answersForTheAccount, listsInboxes } from './inbox/account.ts';
import { namesAuthors } from './inbox/authors.ts';
import { type ConnectedInbox, connectBot } from './inbox/connected-inbox.ts';
import { keepsTheContact } from './inbox/contact.ts';
import { keepsConversations, showsContents } from './inbox/conversation.ts';
import { continuesElsewhere, findsTheRightEntry, meetsMishaps } from './inbox/faults.ts';
import { carriesFiles } from './inbox/files.ts';
import type { InboxHarness } from './inbox/harness.ts';
import { addsNotes } from './inbox/notes.ts';

export type { InboxHarness, Mishap } from './inbox/harness.ts';

/** What every inbox adapter must do. */
export function inboxConformance(name: string, start: () => Promise<InboxHarness>): void {
  describe(`${name} as an inbox`, () => {
    let harness: InboxHarness;
    let inbox: ConnectedInbox;
    const connected = () => inbox;

    beforeEach(async () => {
      harness = await start();
      inbox = await connectBot(harness);
    });
    afterEach(() => harness.close());

    describe('a conversation', () => {
      keepsConversations(connected);
      showsContents(connected);
    });
    describe('files', () => carriesFiles(connected));
    describe('the author of an entry', () => namesAuthors(connected));
    describe('a note behind an entry', () => addsNotes(connected));
    describe('the inboxes of the account', () => listsInboxes(connected));
    describe('the contact', () => keepsTheContact(connected));
    meetsMishaps(connected);
    findsTheRightEntry(connected);
    continuesElsewhere(connected);
    answersForTheAccount(connected);
  });
}
