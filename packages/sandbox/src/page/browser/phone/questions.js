/** @import { InlineButton } from './transcript.js' */
/** @import { Question } from './question.js' */

/**
 * @param {InlineButton} button
 * @param {string} link
 * @returns {Question}
 */
export const linkQuestion = (button, link) => ({
  title: button.text,
  text: 'This button opens',
  link,
  choices: [{ label: 'Close' }],
});

/**
 * @param {string} bot
 * @param {() => void} share
 * @returns {Question}
 */
export const numberQuestion = (bot, share) => ({
  title: 'Share your phone number?',
  text: `${bot} will know your number.`,
  choices: [{ label: 'Share', choose: share }, { label: 'Cancel' }],
});

/**
 * @param {string} bot
 * @param {() => void} share
 * @returns {Question}
 */
export const locationQuestion = (bot, share) => ({
  title: 'Share your location?',
  text: `${bot} will know where you are now.`,
  choices: [{ label: 'Share', choose: share }, { label: 'Cancel' }],
});

/**
 * @param {() => void} shareNumber
 * @param {() => void} askForPlace
 * @returns {Question}
 */
export const attachQuestion = (shareNumber, askForPlace) => ({
  title: 'Share',
  choices: [
    { label: 'My phone number', choose: shareNumber },
    { label: 'A location …', choose: askForPlace },
    { label: 'Cancel' },
  ],
});

/**
 * @param {(latitude: number, longitude: number) => void} share
 * @returns {Question}
 */
export const placeQuestion = (share) => ({
  title: 'Share a location',
  fields: [
    { name: 'latitude', label: 'Latitude', value: '52.520008' },
    { name: 'longitude', label: 'Longitude', value: '13.404954' },
  ],
  choices: [
    { label: 'Share', choose: ({ latitude, longitude }) => share(Number(latitude), Number(longitude)) },
    { label: 'Cancel' },
  ],
});

/**
 * @param {string} bot
 * @param {boolean} isBlocked
 * @param {(kind: 'start' | 'block' | 'unblock') => void} act
 * @returns {Question}
 */
export const moreQuestion = (bot, isBlocked, act) => ({
  title: bot,
  choices: [
    ...(isBlocked ? [] : [{ label: 'Start again', choose: () => act('start') }]),
    isBlocked
      ? { label: 'Unblock the bot', choose: () => act('unblock') }
      : { label: 'Block the bot', danger: true, choose: () => act('block') },
    { label: 'Cancel' },
  ],
});
