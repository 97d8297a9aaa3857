import { element } from './element.js';

/**
 * Images that were shown before: a list that is drawn anew shows them at once.
 *
 * @type {Set<string>}
 */
const known = new Set();

/**
 * Tells by `media-loaded`, which bubbles, that it takes its place.
 *
 * @param {string} src
 * @param {string} alt
 * @param {string} className
 * @param {HTMLElement} fallback Shown until the image is there, and where it never is.
 */
export function loadedImage(src, alt, className, fallback) {
  const image = new Image();
  image.className = className;
  image.alt = alt;
  const place = element('div', { class: 'media' }, known.has(src) ? image : fallback);
  image.addEventListener('load', () => {
    known.add(src);
    place.replaceChildren(image);
    place.dispatchEvent(new Event('media-loaded', { bubbles: true }));
  });
  image.src = src;
  return place;
}
