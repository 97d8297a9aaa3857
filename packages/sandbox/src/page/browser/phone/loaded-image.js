import { element } from './element.js';

/**
 * Images that were shown before. They are shown at once when a list is rendered again.
 *
 * @type {Set<string>}
 */
const known = new Set();

/**
 * An image in the place of its fallback. The `media-loaded` event, which bubbles, reports that the image is shown.
 *
 * @param {string} src
 * @param {string} alt
 * @param {string} className
 * @param {HTMLElement} fallback Shown until the image has loaded, or permanently if it cannot be loaded.
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
