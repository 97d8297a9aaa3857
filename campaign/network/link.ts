import type { Token } from '../judge/token.ts';
import type { Party } from '../load/scene.ts';
import { directions, type FaultKind, faultKinds, type NetworkFault, places } from './fault.ts';

/** A connection between two of the parties, seen from who opens it. */
export type LinkName =
  | 'caller → gateway'
  | 'gateway → Telegram'
  | 'gateway → Intercom'
  | 'gateway → HubSpot'
  | 'gateway → PostgreSQL'
  | 'Telegram → gateway'
  | 'Intercom → gateway'
  | 'HubSpot → gateway';

/** What is done to bring a message onto a link. */
export type Stimulus = 'send' | 'write' | 'reply';

export interface Link {
  readonly name: LinkName;
  readonly inbox: Party['inbox'];
  readonly stimulus: Stimulus;
  /** Whether a request carries what the stimulus said. */
  matches(request: Buffer, said: Token): boolean;
  /** Whether a fault here can leave the gateway without knowledge of what became of a send. */
  readonly isAmbiguous: boolean;
}

const carries = (request: Buffer, said: Token): boolean => request.includes(said.text);
const isTo =
  (...paths: readonly string[]) =>
  (request: Buffer, said: Token): boolean =>
    carries(request, said) && paths.some((path) => request.includes(path));
/** PostgreSQL: a statement's name goes with its text, and with its values later on. */
const runs =
  (...statements: readonly string[]) =>
  (request: Buffer): boolean =>
    statements.some((statement) => request.includes(`${statement}\0`));

const isSend = isTo('POST /api/v1/telegram/interactive');
const plain = { isAmbiguous: false } as const;

/** Each link, with what runs over it. Those of PostgreSQL differ in the statement that is hit. */
export const httpLinks: readonly Link[] = [
  { name: 'caller → gateway', inbox: 'intercom', stimulus: 'send', matches: isSend, ...plain },
  { name: 'gateway → Telegram', inbox: 'intercom', stimulus: 'send', matches: isTo('/sendMessage'), isAmbiguous: true },
  { name: 'gateway → Telegram', inbox: 'hubspot', stimulus: 'reply', matches: isTo('/sendMessage'), isAmbiguous: true },
  { name: 'gateway → Intercom', inbox: 'intercom', stimulus: 'write', matches: isTo('POST /'), ...plain },
  { name: 'gateway → Intercom', inbox: 'intercom', stimulus: 'send', matches: isTo('POST /'), ...plain },
  { name: 'gateway → HubSpot', inbox: 'hubspot', stimulus: 'write', matches: isTo('POST /'), ...plain },
  { name: 'Telegram → gateway', inbox: 'intercom', stimulus: 'write', matches: isTo('/hooks/telegram/'), ...plain },
  { name: 'Intercom → gateway', inbox: 'intercom', stimulus: 'reply', matches: isTo('/hooks/intercom'), ...plain },
  { name: 'HubSpot → gateway', inbox: 'hubspot', stimulus: 'reply', matches: isTo('/hooks/hubspot'), ...plain },
];

const database = (stimulus: Stimulus, ...statements: readonly string[]): Link => ({
  name: 'gateway → PostgreSQL',
  inbox: 'intercom',
  stimulus,
  matches: runs(...statements),
  isAmbiguous: true,
});

export const databaseLinks: readonly Link[] = [
  database('send', 'record-intents', 'record-keyed-intents'),
  database('send', 'record-results'),
  database('write', 'store-updates'),
  database('write', 'record-mirrored'),
  database('send', 'finish-lane'),
  database('reply', 'record-keyed-intents'),
];

export interface Scenario {
  readonly link: Link;
  readonly fault: NetworkFault;
}

export const nameOfScenario = ({ link, fault }: Scenario): string =>
  `${link.name} (${link.stimulus}): ${fault.kind} ${fault.kind === 'slow' ? '' : `${fault.place} byte `}of the ${fault.direction}`;

/** Every kind in both directions; a long form at every place, a short one at a place that goes round. */
export function planScenarios(links: readonly Link[], form: 'short' | 'long'): readonly Scenario[] {
  let turn = 0;
  const placesFor = (kind: FaultKind) => {
    if (kind === 'slow') return ['middle'] as const;
    turn += 1;
    return form === 'long' ? places : [places[turn % places.length] ?? 'middle'];
  };
  return links.flatMap((link) =>
    faultKinds.flatMap((kind) =>
      directions.flatMap((direction) => placesFor(kind).map((place) => ({ link, fault: { kind, place, direction } }))),
    ),
  );
}
