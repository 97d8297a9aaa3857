import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { waitForVerdict } from '../judge/wait-for-verdict.ts';
import { type Field, withField } from './field.ts';
import type { HangFindings, PlaceWaits, RowFindings } from './findings.ts';
import type { Gate } from './gate.ts';
import { type Form, type Place, type Row, rowsOf } from './plan.ts';
import { printRow } from './report.ts';
import { beginErrand, type Chats, keepBusy, newChats, openConversations, sendPhoto } from './talk.ts';
import { type Recovery, recoveryOf, waitsOf } from './waits.ts';

export interface HangOptions {
  /** An empty folder. */
  readonly folder: string;
  readonly form: Form;
  /** Only the rows whose names contain this. */
  readonly only?: string;
  readonly say: (line: string) => void;
}

/** How many chats are measured in each place. */
const strangers = 20;
const measureMs: Readonly<Record<Form, number>> = { short: 6_000, long: 25_000 };
/** What has begun gets this long to arrive before it counts as missing. */
const arrivalMs = 15_000;
/** How long the trouble may take to be met by a first call. */
const meetLimitMs = 20_000;
/** The gateway asks an inbox that was down once a minute. */
const answeredLimitMs = 75_000;
const recoveryLimitMs = 60_000;
const restLimitMs = 150_000;

/** Runs the rows one after the other, each with a gateway of its own. */
export async function runHangCampaign({ folder, form, only = '', say }: HangOptions): Promise<HangFindings> {
  const startedMs = performance.now();
  const rows: RowFindings[] = [];
  for (const [index, row] of rowsOf(form).entries()) {
    if (!row.name.includes(only)) continue;
    say(`${row.name} …`);
    const own = join(folder, String(index));
    mkdirSync(own);
    const findings = await withField(own, row, (field) => runRow(field, row, form));
    rows.push(findings);
    say(printRow(findings));
  }
  return { rows, elapsedMs: performance.now() - startedMs };
}

async function runRow(field: Field, row: Row, form: Form): Promise<RowFindings> {
  const { farSide, gates, store, told, troubled } = field;
  const gate = gates[row.gate];
  const crowd = await newChats(field, troubled, row.crowd.size);
  if (!row.crowd.areNew) await openConversations(field, crowd);
  const places = await openPlaces(field, row, crowd);
  const beganMs = Date.now();
  await beginTrouble(gate, row, crowd);
  const waits =
    row.measured[0] === 'same conversation'
      ? await measureConversation(field, row, crowd)
      : await measureStrangers(field, row, { crowd, places, form });
  const recovery = row.outageMs === null ? null : await recover(field, row, { crowd, gate, beganMs });
  const { touched } = gate;
  await gate.open();
  // What was on the wire to Telegram when the gate opened has no known outcome.
  const ambiguities = crowd.chatIds.map((chatId) => ({ chatId, fromMs: beganMs, untilMs: Date.now() + restLimitMs }));
  const verdict = await waitForVerdict({ farSide, store, told, ambiguities, limitMs: restLimitMs });
  return { name: row.name, touched, waits, recovery, verdict };
}

interface Measured extends Chats {
  readonly place: Place;
}

async function openPlaces(field: Field, { measured }: Row, crowd: Chats): Promise<readonly Measured[]> {
  const places: Measured[] = [];
  for (const place of measured) {
    if (place === 'same conversation') {
      places.push({ place, ...crowd });
      continue;
    }
    const chats = await newChats(field, place === 'same bot' ? field.troubled : field.other, strangers);
    await openConversations(field, chats);
    places.push({ place, ...chats });
  }
  return places;
}

async function beginTrouble(gate: Gate, { trouble }: Row, { chatIds }: Chats): Promise<void> {
  if (trouble.kind === 'refused') return gate.refuse();
  const chats = new Set(chatIds);
  gate.treat((call) => (trouble.isHit(call, chats) ? trouble.as : { kind: 'pass' }));
}

async function crowdActs(field: Field, { crowd: plan }: Row, { party, chatIds }: Chats): Promise<void> {
  for (let number = 1; number <= plan.times; number += 1) {
    for (const chatId of chatIds) {
      if (plan.act === 'send a photo') await sendPhoto(field, party, chatId, number);
      else await beginErrand(field, party, { name: plan.act === 'write' ? 'words' : 'reply', chatId, number });
    }
  }
}

interface Measuring {
  readonly crowd: Chats;
  readonly places: readonly Measured[];
  readonly form: Form;
}

async function measureStrangers(
  field: Field,
  row: Row,
  { crowd, places, form }: Measuring,
): Promise<readonly PlaceWaits[]> {
  await crowdActs(field, row, crowd);
  await waitUntil(() => field.gates[row.gate].touched > 0, meetLimitMs);
  const fromMs = Date.now();
  await Promise.all(places.map((chats) => keepBusy(field, chats, measureMs[form])));
  return endMeasurement(field, places, fromMs);
}

/** How often the customer writes for each reply of the agent, who has to read and to type. */
const wordsPerReply = 3;

/** The customer of one conversation writes once a second, and an agent replies in it. */
async function measureConversation(field: Field, { crowd: plan }: Row, crowd: Chats): Promise<readonly PlaceWaits[]> {
  const [chatId = 0] = crowd.chatIds;
  const { party } = crowd;
  const fromMs = Date.now();
  for (let number = 1; number <= plan.times * wordsPerReply; number += 1) {
    await beginErrand(field, party, { name: 'words', chatId, number });
    await sleep(500);
    if (number % wordsPerReply === 0) await beginErrand(field, party, { name: 'reply', chatId, number });
    await sleep(500);
  }
  return endMeasurement(field, [{ place: 'same conversation', ...crowd }], fromMs);
}

async function endMeasurement(
  field: Field,
  places: readonly Measured[],
  fromMs: number,
): Promise<readonly PlaceWaits[]> {
  const begunMs = Date.now();
  const measure = (untilMs: number) =>
    places.map(({ place, chatIds }) => {
      const journal = field.farSide.journal().filter(({ token }) => token.number > 0);
      return { place, waits: waitsOf({ journal, chats: new Set(chatIds), fromMs, untilMs }) };
    });
  const hasArrived = () =>
    measure(Date.now()).every(({ waits }) => Object.values(waits).every(({ missing }) => missing === 0));
  await waitUntil(hasArrived, begunMs + arrivalMs - Date.now());
  return measure(Date.now());
}

interface Outage {
  readonly crowd: Chats;
  readonly gate: Gate;
  readonly beganMs: number;
}

/** Ends the outage when its time has come, and waits until everything that waited has arrived. */
async function recover({ farSide }: Field, { outageMs }: Row, { crowd, gate, beganMs }: Outage): Promise<Recovery> {
  const endMs = Math.max(beganMs + (outageMs ?? 0), Date.now());
  await sleep(endMs - Date.now());
  await gate.open();
  await waitUntil(() => gate.passedAtMs !== null, answeredLimitMs);
  const answeredMs = gate.passedAtMs ?? Date.now();
  const recovery = () =>
    recoveryOf(
      { journal: farSide.journal(), chats: new Set(crowd.chatIds), fromMs: beganMs, untilMs: endMs },
      answeredMs,
    );
  await waitUntil(() => recovery().lastMs !== null, recoveryLimitMs);
  return recovery();
}

async function waitUntil(isSo: () => boolean, limitMs: number): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!isSo() && performance.now() < deadlineMs) await sleep(50);
}
