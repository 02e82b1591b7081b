// The languages of a page are the keys of its words, in the order of the buttons.

/**
 * Return the language after `lang`; after the last one the first.
 * @param {Record<string, unknown>} words
 * @param {string} lang
 */
export function following(words, lang) {
  const all = Object.keys(words);
  return all[(all.indexOf(lang) + 1) % all.length];
}
