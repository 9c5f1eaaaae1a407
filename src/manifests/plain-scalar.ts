/** Words that some YAML 1.1 or 1.2 reader takes for a boolean, null or a merge. */
const WORDS = /^(?:~|null|true|false|yes|no|on|off|y|n|<<|=|\.\.\.)$/i;

/** What some reader takes for a number, once its underscores are removed; `1:30` is 90 in YAML 1.1, and some take `.` or `e5` for one. */
const NUMBER =
  /^[-+]?(?:0b[01]+|0o?[0-7]+|0x[0-9a-f]+|(?:\.\d*|\d+(?:\.\d*)?)?(?:e[-+]?\d+)?|\d+(?::\d+)+(?:\.\d*)?|\.inf|\.nan)$/i;

const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}(?:(?:[Tt]|\s+)\d{1,2}:\d{1,2}(?::\d{1,2}(?:\.\d*)?)?.*)?$/;

/** Characters that need no quotes in block and flow style alike; what may start a scalar is less than what may follow. */
const HARMLESS = /^[A-Za-z0-9_./\\+^~$(;<=][A-Za-z0-9_./\\+^~$();<=>@:?&%!*|#`'" -]*$/;

/**
 * Whether every YAML reader takes the text, written without quotes, for that very string. Says no in doubt.
 * https://yaml.org/type/ has the 1.1 types, https://yaml.org/spec/1.2.2/#103-core-schema those of 1.2.
 */
export function isPlainString(text: string): boolean {
  return HARMLESS.test(text) && !/: | #|:$| $/.test(text) && !looksTyped(text);
}

/** Whether some YAML reader takes the text, written without quotes, for something else than a string. */
export function looksTyped(text: string): boolean {
  return WORDS.test(text) || NUMBER.test(text.replaceAll('_', '')) || TIMESTAMP.test(text);
}

/** Whether a reader that takes the plain text for a number or a boolean prints that very text again. */
export function keepsItsText(text: string): boolean {
  if (text === 'true' || text === 'false') return true;
  return /^-?\d[\d.]*$/.test(text) && text.length <= 15 && String(Number(text)) === text;
}
