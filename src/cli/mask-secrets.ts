const MASK = '[secret]';
/** Shorter ones would mask ordinary words. */
const SHORTEST = 6;

/**
 * What is a credential by its looks: GitHub's tokens, a JWT, the signature of a webhook, a private key, and what stands
 * in an authorization header or as the password of an address.
 * https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats
 */
const PATTERNS: readonly [RegExp, string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, MASK],
  [/\b(?:gh[a-z]_|github_pat_)[\w.-]{10,}/g, MASK],
  [/\beyJ[\w-]{10,}\.[\w-]+\.[\w-]*/g, MASK],
  [/\bsha(?:1|256)=[0-9a-f]{40,64}\b/g, MASK],
  [/\b(bearer|token|basic) +(?!\[)[\w.~+/=-]{16,}/gi, `$1 ${MASK}`],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*:)[^\s@"/]+@/gi, `$1${MASK}@`],
];

/** Makes a function that takes secrets out of a text: those that are named, and what looks like one. */
export function makeMask(secrets: readonly (string | null | undefined)[]): (text: string) => string {
  const named = [...new Set(secrets.flatMap((secret) => (secret ? spellings(secret) : [])))]
    .filter(({ length }) => length >= SHORTEST)
    // One may be a part of another.
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let masked = text;
    for (const secret of named) masked = masked.replaceAll(secret, MASK);
    for (const [pattern, instead] of PATTERNS) masked = masked.replaceAll(pattern, instead);
    return masked;
  };
}

/** As it is, within JSON, and within an address. */
function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}
