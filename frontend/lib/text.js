// Sentences with places to fill in, and texts as they are searched.

/**
 * Put the values of `params` into the `{names}` of a sentence.
 * @param {string} sentence
 * @param {Record<string, string | number | undefined>} [params]
 */
export const fill = (sentence, params = {}) =>
  sentence.replace(/\{(\w+)\}/g, (_, name) => String(params[name]));

/**
 * Return a text as it is compared in searches: full-width letters as plain ones, capitals as small letters.
 * @param {string} text
 */
export const plain = (text) => text.normalize("NFKC").toLowerCase();
