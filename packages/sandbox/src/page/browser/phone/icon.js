/** SVG paths on a grid of 24 × 24. */
const paths = {
  attach: 'M8 12.5 14.6 6a3.2 3.2 0 0 1 4.5 4.5l-8.3 8.3a5.2 5.2 0 0 1-7.4-7.4L11 4',
  send: 'M4 11.9 20 4.5l-5.6 15.3-3.1-6.2zM11.3 13.6 20 4.5',
  cancel: 'M6 6l12 12M18 6 6 18',
  keyboard: 'M3 7h18v11H3zM7 11h.01M11 11h.01M15 11h.01M17.5 11h.01M8 15h8',
  fold: 'M6 9l6 6 6-6',
  more: 'M12 5.5h.01M12 12h.01M12 18.5h.01',
  link: 'M8 16 16.5 7.5M9.5 7h7.5v7.5',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  draft: 'M4 20h16M6 16l9.5-9.5 2.5 2.5L8.5 18.5 5.5 19z',
  forward: 'M13 6l6 6-6 6M19 12H5',
  app: 'M4 5h16v14H4zM4 9h16',
  reply: 'M10 7 5 12l5 5M5 12h8a6 6 0 0 1 6 6',
  phone: 'M6 3.5h3l1.5 4-2 1.6a12 12 0 0 0 6.4 6.4l1.6-2 4 1.5v3a2 2 0 0 1-2.2 2A17 17 0 0 1 4 5.7 2 2 0 0 1 6 3.5z',
  place:
    'M12 21s-6.5-5.6-6.5-11a6.5 6.5 0 0 1 13 0c0 5.4-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  block: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.8 5.8l12.4 12.4',
  sent: 'M2.5 12.5l4.5 4.5L16 8M11 17l9.5-9',
};

/** @typedef {keyof typeof paths} IconName */

const svgNamespace = 'http://www.w3.org/2000/svg';

/**
 * An icon that screen readers ignore: the button has the label.
 *
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(svgNamespace, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(svgNamespace, 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}
