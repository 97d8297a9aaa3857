import { describe, expect, it } from 'vitest';
import type { Controls } from '../../core/message/content.ts';
import { plain } from '../../core/message/rich-text.ts';
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

  it('leave out empty quick replies, and replace a long answer by its digest', () => {
    const refused = [
      { label: ' ', value: 'y' },
      { label: 'Yes', value: '' },
    ];
    expect(markupOf(undefined, refused)).toBeNull();
    const dataOf = (value: string): string => {
      const controls = controlsOfReply(replyWith(undefined, [{ label: 'Yes', value }]));
      const action = controls.kind === 'buttons' ? controls.rows[0]?.[0]?.action : undefined;
      return action?.kind === 'quick-reply' ? action.data : '';
    };
    expect(dataOf('é'.repeat(32))).toBe('é'.repeat(32));
    const long = dataOf('é'.repeat(33));
    expect([Buffer.byteLength(long) <= 64, long.length > 20]).toEqual([true, true]);
    expect(dataOf('é'.repeat(34))).not.toBe(long);
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
