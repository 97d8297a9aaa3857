import type { Token } from '../judge/token.ts';
import type { Party } from '../load/scene.ts';
import {
  type Direction,
  directions,
  type FaultKind,
  faultKinds,
  type NetworkFault,
  type Place,
  places,
} from './fault.ts';

/** A connection between two of the parties, seen from who opens it. */
export type LinkName =
  | 'caller → gateway'
  | 'gateway → Telegram'
  | 'gateway → Intercom'
  | 'gateway → HubSpot'
  | 'gateway → PostgreSQL'
  | 'gateway → backend'
  | 'Telegram → gateway'
  | 'Intercom → gateway'
  | 'HubSpot → gateway';

/** What the campaign does to bring a message onto a link. */
export type Stimulus = 'send' | 'write' | 'reply';

export interface Link {
  readonly name: LinkName;
  readonly inbox: Party['inbox'];
  readonly stimulus: Stimulus;
  /** Whether a request carries what the stimulus said. */
  matches(request: Buffer, said: Token): boolean;
  /** Whether a fault here can make the outcome of a send unknown to the gateway. */
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
const httpLinks: readonly Link[] = [
  { name: 'caller → gateway', inbox: 'intercom', stimulus: 'send', matches: isSend, ...plain },
  { name: 'gateway → Telegram', inbox: 'intercom', stimulus: 'send', matches: isTo('/sendMessage'), isAmbiguous: true },
  { name: 'gateway → Telegram', inbox: 'hubspot', stimulus: 'reply', matches: isTo('/sendMessage'), isAmbiguous: true },
  { name: 'gateway → Intercom', inbox: 'intercom', stimulus: 'write', matches: isTo('POST /'), ...plain },
  { name: 'gateway → Intercom', inbox: 'intercom', stimulus: 'send', matches: isTo('POST /'), ...plain },
  { name: 'gateway → HubSpot', inbox: 'hubspot', stimulus: 'write', matches: isTo('POST /'), ...plain },
  { name: 'gateway → backend', inbox: 'intercom', stimulus: 'send', matches: isTo('POST /of/'), ...plain },
  { name: 'gateway → backend', inbox: 'hubspot', stimulus: 'write', matches: isTo('POST /of/'), ...plain },
  { name: 'Telegram → gateway', inbox: 'intercom', stimulus: 'write', matches: isTo('/hooks/telegram/'), ...plain },
  { name: 'Intercom → gateway', inbox: 'intercom', stimulus: 'reply', matches: isTo('/hooks/intercom'), ...plain },
  { name: 'HubSpot → gateway', inbox: 'hubspot', stimulus: 'reply', matches: isTo('/hooks/hubspot'), ...plain },
];

/** Stimuli, each with its statements. The first of these that comes is hit. */
export const struckStatements: readonly (readonly [Stimulus, ...string[]])[] = [
  ['send', 'record-intents', 'record-keyed-intents'],
  ['send', 'record-results'],
  ['write', 'store-updates'],
  ['write', 'record-mirrored'],
  ['send', 'finish-lanes'],
  ['reply', 'finish-update'],
];

const databaseLinks = struckStatements.map(
  ([stimulus, ...statements]): Link => ({
    name: 'gateway → PostgreSQL',
    inbox: 'intercom',
    stimulus,
    matches: runs(...statements),
    isAmbiguous: true,
  }),
);

export interface Scenario {
  readonly link: Link;
  readonly fault: NetworkFault;
}

export const describeScenario = ({ link, fault }: Scenario): string =>
  `${link.name} (${link.stimulus}): ${fault.kind} ${fault.kind === 'slow' ? '' : `${fault.place} byte `}of the ${fault.direction}`;

export type Form = 'short' | 'long';

/** In batches of what can happen at once. */
export function planBatches(form: Form): readonly (readonly Scenario[])[] {
  const database = planScenarios(databaseLinks, form);
  const rounds = Math.ceil(database.length / databaseLinks.length);
  return [
    ...inBatches(planScenarios(httpLinks, form)),
    // One statement carries many rows: two faults that wait for the same one would not both get it.
    ...Array.from({ length: rounds }, (_, round) => database.filter((_scenario, index) => index % rounds === round)),
  ];
}

const atOnce = 30;

const inBatches = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / atOnce) }, (_, index) =>
    items.slice(index * atOnce, (index + 1) * atOnce),
  );

/** Every kind in both directions; the long form at every place, the short one at a place that goes round. */
function planScenarios(links: readonly Link[], form: Form): readonly Scenario[] {
  let turn = 0;
  const placesFor = (kind: FaultKind, direction: Direction): readonly Place[] => {
    if (kind === 'slow') return ['middle'];
    turn += 1;
    const place = places[turn % places.length] ?? 'middle';
    // An end that is silent after a whole answer loses the next message on the connection, which takes long to notice.
    const isBehind = place === 'after-last' && direction === 'answer' && (kind === 'stall' || kind === 'half-open');
    return form === 'long' ? places : [isBehind ? 'before-last' : place];
  };
  return links.flatMap((link) =>
    faultKinds.flatMap((kind) =>
      directions.flatMap((direction) =>
        placesFor(kind, direction).map((place) => ({ link, fault: { kind, place, direction } })),
      ),
    ),
  );
}
