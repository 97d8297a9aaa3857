import { element } from './element.js';

/**
 * Replaces the input line where the person cannot write.
 *
 * @param {string} standing
 * @param {(kind: 'start' | 'unblock') => void} act
 */
export function gate(standing, act) {
  if (standing === 'never-started') return button('Start', () => act('start'));
  if (standing !== 'blocked') return element('p', { class: 'gate-text' }, `You cannot write here: ${standing}.`);
  const text = element('p', { class: 'gate-text' }, 'You have blocked this bot.');
  return element(
    'div',
    {},
    text,
    button('Unblock', () => act('unblock')),
  );
}

/**
 * @param {string} label
 * @param {() => void} press
 */
const button = (label, press) => element('button', { type: 'button', class: 'gate-button', onclick: press }, label);
