import { aSend, connectBot, newCustomer, send } from '@chatferry/testkit/rigs/rig';
import { describe, expect, it } from 'vitest';
import { openAgentsDesk } from './agents-desk.ts';
import { startPublicRig } from './desk.ts';
import { eventually } from './eventually.ts';

const rig = await startPublicRig();
const { telegram, hubspot } = rig.sandbox;

/**
 * A careful parser needs less than 0.1 s for each text, a careless one 6 s for the shorter and minutes for the longer ones. It is
 * processor time, so that a busy machine does not decide the test.
 */
const longestTurnMs = 4_000;
const tickMs = 10;

/** The most processor time that passes between two looks at the clock while something is done. Timers wait while a parser runs. */
async function longestTurnOf(act: () => Promise<void>): Promise<number> {
  let longest = 0;
  let before = process.cpuUsage();
  const look = (): void => {
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1_000);
    before = process.cpuUsage();
  };
  const timer = setInterval(look, tickMs);
  try {
    await act();
    look();
  } finally {
    clearInterval(timer);
  }
  return longest;
}

const spaces = (start: string, end: string) => (size: number) => start + ' '.repeat(size) + end;

/** The second is nearly the largest that a call of an inbox can be. */
const sizes = [128 * 1024, 900 * 1024];

describe('an answer of an agent', () => {
  it.each([
    ['a bracket full of spaces', spaces('[a', 'b]')],
    ['a key full of spaces', spaces('[[a', 'b]]')],
    ['an arrow and spaces', spaces('[a ->', 'b]')],
    ['a link that is not closed', spaces('[a](', 'b')],
    ['spaces alone', spaces('a', 'b')],
    ['many brackets full of spaces', (size: number) => `${spaces('[a', 'b]')(10_000)}\n`.repeat(size / 10_000)],
  ])(
    'with %s holds the gateway up for no longer than another long one',
    async (_, textOf) => {
      for (const size of sizes) {
        // A customer of its own: an answer can be more than one message.
        const desk = await openAgentsDesk(rig, 'hubspot');
        const customer = desk.customer();
        await desk.reads('customer: ⁂ (started the bot)');
        const thread = desk.conversations()[0]?.id ?? '';
        const longest = await longestTurnOf(async () => {
          // Without HTML, in which a browser shows one space for many.
          hubspot.reply(desk.accountId, thread, { text: textOf(size), rich_text: '' });
          await eventually(() => expect(telegram.sent(customer.at)).not.toEqual([]), 30_000);
        });
        expect(longest).toBeLessThan(longestTurnMs);
      }
    },
    90_000,
  );
});

describe('the header Prefer', () => {
  it.each([
    ['quotes', '"\\'],
    ['spaces', ' '],
    ['names', 'handling='],
  ])('that is too long, and is full of %s, is refused at once, and the answer says so', async (_, unit) => {
    const bot = await connectBot(rig);
    const customer = newCustomer(rig, bot);
    const prefer = `a="${unit.repeat(14_000 / unit.length)}"`;
    const longest = await longestTurnOf(async () => {
      const { status, body } = await send(rig, bot, aSend(customer.chatId), { prefer });
      expect([status, body.error]).toEqual([
        400,
        'Prefer must have at most 256 characters. Send handling=strict, or nothing.',
      ]);
    });
    expect(longest).toBeLessThan(longestTurnMs);
  });
});
