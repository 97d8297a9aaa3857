import { describe, expect, it } from 'vitest';
import type { Controls } from '../../core/content.ts';
import { plain } from '../../core/rich-text.ts';
import { controlsOfReply, markupOfReply } from './reply-controls.ts';

const replyWith = (controls: Controls | undefined, quickReplies: readonly { label: string; value: string }[] = []) => ({
  body: plain('Hello'),
  attachments: [],
  quickReplies,
  controls,
});
const link: Controls = {
  kind: 'buttons',
  rows: [[{ label: 'Pay', action: { kind: 'link', url: 'https://acme.test' } }]],
};
const markupOf = (...reply: Parameters<typeof replyWith>) => markupOfReply(controlsOfReply(replyWith(...reply)));

describe('the buttons under a reply', () => {
  it('are what the agent wrote, and the quick replies under them', () => {
    expect(markupOf(link, [{ label: 'Yes', value: 'y' }])).toEqual({
      inline_keyboard: [[{ text: 'Pay', url: 'https://acme.test' }], [{ text: 'Yes', callback_data: 'y' }]],
    });
  });

  it('leave out quick replies that Telegram would refuse', () => {
    const refused = [
      { label: ' ', value: 'y' },
      { label: 'Yes', value: '' },
      { label: 'Yes', value: 'é'.repeat(33) },
    ];
    expect(markupOf(undefined, refused)).toBeNull();
    expect(markupOf(undefined, [{ label: 'Yes', value: 'é'.repeat(32) }])).not.toBeNull();
  });

  it('are keys where the agent wrote keys', () => {
    const rows = [
      [
        { label: 'Red', action: { kind: 'say' } },
        { label: 'Phone', action: { kind: 'share-contact' } },
        { label: 'Place', action: { kind: 'share-location' } },
      ],
    ] as const;
    expect(markupOf({ kind: 'keyboard', rows })).toEqual({
      keyboard: [
        [{ text: 'Red' }, { text: 'Phone', request_contact: true }, { text: 'Place', request_location: true }],
      ],
      resize_keyboard: true,
      one_time_keyboard: true,
    });
  });

  it('are none where there are none', () => {
    expect(markupOf(undefined)).toBeNull();
  });
});
