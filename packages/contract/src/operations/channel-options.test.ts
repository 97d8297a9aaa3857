import { describe, expect, it } from 'vitest';
import { parseBody } from '../json/parse.ts';
import { agentNameParts, channelOptionsOf, defaultChannelOptions, mergeChannelOptions } from './channel-options.ts';
import { operations } from './operations.ts';

const parse = (options: unknown) => parseBody(operations.updateChannel.body, { options });
const pointers = (options: unknown) => {
  const parsed = parse(options);
  return parsed.ok ? [] : parsed.details.map(({ pointer }) => pointer);
};

const away = {
  time_zone: 'Europe/Berlin',
  weekly: [{ days: [1, 5], from: '09:00', to: '24:00' }],
  text: 'Away',
  at_most_every_minutes: 60,
};

describe('the options of a channel', () => {
  it.each([
    [{ agent_name: '{first_name} from Support:\n' }],
    [{ tap: { toast: 'x'.repeat(200) } }],
    [{ tap: { toast: null, after: 'mark' }, welcome: null, out_of_office: null }],
    [{ out_of_office: away }],
    [{ out_of_office: { weekly: [] } }],
    [{ out_of_office: { time_zone: 'UTC' } }],
  ])('may be %j', (options) => {
    expect(pointers(options)).toEqual([]);
  });

  it.each([
    [{ agent_name: 'Support' }, '/options/agent_name'],
    [{ agent_name: '{name}: ' }, '/options/agent_name'],
    [{ tap: { toast: '🙂'.repeat(201) } }, '/options/tap/toast'],
    [{ tap: { after: 'hide' } }, '/options/tap/after'],
    [{ welcome: ' ' }, '/options/welcome'],
    [{ out_of_office: { ...away, time_zone: 'Mars/Olympus' } }, '/options/out_of_office/time_zone'],
    [{ out_of_office: { ...away, time_zone: '+01:00' } }, '/options/out_of_office/time_zone'],
    [
      { out_of_office: { weekly: [{ days: [8], from: '9:00', to: '25:00' }] } },
      '/options/out_of_office/weekly/0/days/0',
    ],
    [{ out_of_office: { weekly: [{ days: [1], from: '09:00', to: '09:00' }] } }, '/options/out_of_office/weekly/0/to'],
    [{ theme: 'dark' }, '/options/theme'],
  ])('may not be %j', (options, pointer) => {
    expect(pointers(options)).toContain(pointer);
  });

  it('do not change if a change does not contain them', () => {
    const first = mergeChannelOptions(defaultChannelOptions, { tap: { toast: 'Noted' }, out_of_office: away });
    if (!('options' in first)) throw new Error('the change is complete');
    const second = mergeChannelOptions(first.options, { tap: { after: 'remove' }, out_of_office: { text: 'Gone' } });
    expect(second).toEqual({
      options: {
        ...defaultChannelOptions,
        tap: { toast: 'Noted', after: 'remove' },
        out_of_office: { ...away, text: 'Gone' },
      },
    });
    expect(mergeChannelOptions(first.options, { out_of_office: null })).toMatchObject({
      options: { out_of_office: null },
    });
  });

  it('name the missing fields of an out-of-office text, and have a default for its interval', () => {
    const { at_most_every_minutes: _, ...needed } = away;
    expect(mergeChannelOptions(defaultChannelOptions, { out_of_office: { text: 'Away' } })).toEqual({
      missing: ['out_of_office', 'time_zone'],
    });
    expect(mergeChannelOptions(defaultChannelOptions, { out_of_office: needed })).toMatchObject({
      options: { out_of_office: { at_most_every_minutes: 240 } },
    });
  });

  it('have defaults if another version stored them', () => {
    expect(channelOptionsOf({})).toEqual(defaultChannelOptions);
    expect(channelOptionsOf({ welcome: 'Hi', theme: 'dark' })).toEqual({ ...defaultChannelOptions, welcome: 'Hi' });
  });
});

describe('agentNameParts', () => {
  it('returns the parts of every form of the option agent_name', () => {
    const shown = (option: string) =>
      agentNameParts(option)
        .map((part) => (part.kind === 'text' ? part.text : `<${part.kind}>`))
        .join('');
    expect(shown('off')).toBe('');
    expect(shown('first_name')).toBe('<first-name>:\n');
    expect(shown('full_name')).toBe('<full-name>:\n');
    expect(shown('-- {full_name} ({first_name}) --')).toBe('-- <full-name> (<first-name>) --');
  });
});
