import { badRequest } from '../errors.ts';
import { isJsonObject } from '../json-field.ts';
import { sendFromBot } from '../outgoing.ts';
import type { Parameters } from '../parameters.ts';
import { cleanText, countCodePoints, normalizeText } from '../text.ts';
import type { Contact, Location, Message, Poll } from '../world.ts';
import type { Method } from './method.ts';

/** A method whose content is no text and no file. `read` makes the checks of the Bot API server, and returns those of TDLib. */
const createMethod =
  (method: string, read: (parameters: Parameters) => () => Partial<Message>): Method =>
  ({ state, bot, parameters }) => ({
    result: sendFromBot(state, { method, bot, parameters, readContent: read(parameters) }),
  });

const required = (parameters: Parameters, name: string): string => {
  const text = parameters.text(name);
  if (text === '') throw badRequest(`parameter "${name}" is required`);
  return text;
};

/** telegram-bot-api Client.cpp `get_location`; TDLib Location.cpp refuses what is no place on the earth. */
function readLocation(parameters: Parameters): () => Location {
  const [latitude, longitude] = (['latitude', 'longitude'] as const).map((name) => {
    const given = parameters.text(name).trim();
    if (given === '') throw badRequest(`${name} is empty`);
    return Number.parseFloat(given) || 0;
  }) as [number, number];
  return () => {
    if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) throw badRequest('Wrong location specified');
    return { latitude, longitude };
  };
}

export const sendLocation = createMethod('sendLocation', (parameters) => {
  const location = readLocation(parameters);
  return () => ({ location: location() });
});

export const sendVenue = createMethod('sendVenue', (parameters) => {
  const locationOf = readLocation(parameters);
  return () => {
    const location = locationOf();
    const title = cleanText(parameters.text('title')).trim();
    const address = cleanText(parameters.text('address')).trim();
    if (title === '') throw badRequest('Venue title must be non-empty');
    if (address === '') throw badRequest('Venue address must be non-empty');
    // Telegram: a message with a venue has its location too.
    return { venue: { location, title, address }, location };
  };
});

export const sendContact = createMethod('sendContact', (parameters) => {
  const phone_number = required(parameters, 'phone_number');
  const first_name = required(parameters, 'first_name');
  const last_name = parameters.text('last_name');
  return (): { contact: Contact } => ({
    contact: { phone_number, first_name, ...(last_name === '' ? {} : { last_name }) },
  });
});

/** TDLib MessageContent.cpp and PollOption.cpp. */
const pollLimits = { question: 300, option: 100, optionsMax: 12, explanation: 200 } as const;

export const sendPoll = createMethod('sendPoll', (parameters) => {
  const question = parameters.text('question');
  const options = readOptions(parameters);
  const type = parameters.text('type');
  if (!['', 'regular', 'quiz'].includes(type)) throw badRequest('Unsupported poll type specified');
  const correct = type === 'quiz' ? readCorrect(parameters) : [];
  return () => ({ poll: pollOf(parameters, { question, options, correct, isQuiz: type === 'quiz' }) });
});

function readOptions(parameters: Parameters): readonly string[] {
  const given = parameters.json('options', "Can't parse options JSON object");
  if (!Array.isArray(given)) throw badRequest('Expected an Array of String as options');
  return given.map((option: unknown) => {
    const text = isJsonObject(option) ? option['text'] : option;
    if (typeof text !== 'string') throw badRequest('Expected an option to be of type String');
    return text;
  });
}

function readCorrect(parameters: Parameters): readonly number[] {
  const given = parameters.json('correct_option_ids', "Can't parse correct option identifiers JSON object");
  if (given === undefined) return [parameters.integer('correct_option_id', -1)];
  if (!Array.isArray(given)) throw badRequest('Expected an Array of correct option identifiers');
  if (!given.every((id) => typeof id === 'number'))
    throw badRequest('Correct option identifier must be of type Number');
  return given;
}

function pollOf(
  parameters: Parameters,
  given: {
    readonly question: string;
    readonly options: readonly string[];
    readonly correct: readonly number[];
    readonly isQuiz: boolean;
  },
): Poll {
  const { options, correct, isQuiz } = given;
  const question = normalizeText(given.question);
  if (countCodePoints(question) > pollLimits.question)
    throw badRequest(`Poll question length must not exceed ${pollLimits.question}`);
  if (options.length < 1) throw badRequest('poll must have at least 1 option');
  if (options.length > pollLimits.optionsMax)
    throw badRequest(`poll can't have more than ${pollLimits.optionsMax} options`);
  for (const option of options.map(normalizeText))
    if (countCodePoints(option) > pollLimits.option)
      throw badRequest(`Poll options length must not exceed ${pollLimits.option}`);
  if (isQuiz && !correct.every((id) => Number.isInteger(id) && id >= 0 && id < options.length))
    throw badRequest('Wrong correct option ID specified');
  const explanation = cleanText(parameters.text('explanation')).trim();
  if (countCodePoints(explanation) > pollLimits.explanation) throw badRequest('MESSAGE_TOO_LONG');
  return {
    id: String(parameters.text('chat_id')),
    question,
    options: options.map((text, index) => ({ persistent_id: String(index), text, voter_count: 0 })),
    total_voter_count: 0,
    is_closed: false,
    is_anonymous: !parameters.has('is_anonymous') || parameters.boolean('is_anonymous'),
    type: isQuiz ? 'quiz' : 'regular',
    allows_multiple_answers: parameters.boolean('allows_multiple_answers'),
    allows_revoting: !isQuiz,
    members_only: false,
    ...(isQuiz ? { correct_option_ids: correct } : {}),
    ...(explanation === '' ? {} : { explanation }),
  };
}
