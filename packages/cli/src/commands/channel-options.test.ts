import { describe, expect, it } from 'vitest';
import { readBehaviourChange } from './channel-options.ts';

describe('the behaviour options of a channel', () => {
  it.each([
    [{}, undefined],
    [{ 'agent-name': '{first_name}:\\n' }, { agent_name: '{first_name}:\n' }],
    [{ 'tap-toast': 'none', 'after-tap': 'mark' }, { tap: { toast: null, after: 'mark' } }],
    [{ welcome: 'none' }, { welcome: null }],
    [{ 'large-file': 'At most {limit}' }, { large_file: 'At most {limit}' }],
    [{ 'out-of-office': 'none', 'time-zone': 'UTC' }, { out_of_office: null }],
    [{ 'office-hours': 'none' }, { out_of_office: { weekly: [] } }],
    [
      { 'office-hours': 'Mon–Fri 09:00–17:00, sat-monday 22:00-02:00', 'out-of-office-every': 5 },
      {
        out_of_office: {
          weekly: [
            { days: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' },
            { days: [6, 7, 1], from: '22:00', to: '02:00' },
          ],
          at_most_every_minutes: 5,
        },
      },
    ],
  ] as const)('are read from %j as %j', (values, change) => {
    const none = {
      'agent-name': undefined,
      'tap-toast': undefined,
      'after-tap': undefined,
      welcome: undefined,
      'out-of-office': undefined,
      'office-hours': undefined,
      'time-zone': undefined,
      'out-of-office-every': undefined,
      'large-file': undefined,
      typing: undefined,
      shorthand: undefined,
    };
    expect(readBehaviourChange({ ...none, ...values })).toEqual(change);
  });

  it.each(['weekdays 9-17', 'mon 09:00', 'foo-fri 09:00-17:00'])('reject the invalid office hours “%s”', (hours) => {
    const values = { 'office-hours': hours } as unknown as Parameters<typeof readBehaviourChange>[0];
    expect(() => readBehaviourChange(values)).toThrow('--office-hours');
  });
});
