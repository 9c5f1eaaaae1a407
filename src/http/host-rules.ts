/** A host that may be called. */
export interface HostRule {
  /** As the URL standard writes it; without the `*.` of a wildcard. */
  name: string;
  /** Everything below the name, the name itself not. */
  isWildcard: boolean;
  /** Null: the port of `https`, or of `http`. */
  port: string | null;
}

/** `status.example.com`, `*.example.com`, each perhaps with `:8443`; null when the text is none. */
export function parseHostRule(text: string): HostRule | null {
  const isWildcard = text.startsWith('*.');
  const rest = isWildcard ? text.slice(2) : text;
  if (/[\s*@/\\?#]/.test(rest)) return null;
  if (!URL.canParse(`https://${rest}`)) return null;
  const url = new URL(`https://${rest}`);
  if (url.hostname === '' || url.hostname.endsWith('.')) return null;
  // `*.com` would be half of the world.
  if (isWildcard && !url.hostname.includes('.')) return null;
  const hasPort = /:\d+$/.test(rest);
  return { name: url.hostname, isWildcard, port: hasPort ? portOf(url) : null };
}

/** Whether a rule lets this URL be called; anything that no rule names may not. */
export function isHostAllowed(rules: readonly HostRule[], url: URL): boolean {
  return rules.some(({ name, isWildcard, port }) => {
    const isNamed = isWildcard ? url.hostname.endsWith(`.${name}`) : url.hostname === name;
    return isNamed && (port === null ? url.port === '' : portOf(url) === port);
  });
}

function portOf({ port, protocol }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}
