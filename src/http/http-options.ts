import { type AddressRange, parseRange } from './addresses.ts';
import { type HostRule, parseHostRule } from './host-rules.ts';

/** What `http` gates may call: the word of whoever operates Sluice, never that of a config. */
export interface HttpOptions {
  hosts: readonly HostRule[];
  /** May be called although they are not public. */
  addresses: readonly AddressRange[];
  /** Signs what is sent; null sends nothing. */
  secret: string | null;
  /** Whether `http:` is good enough besides `https:`. */
  allowsInsecure: boolean;
}

export const NO_HOSTS: HttpOptions = { hosts: [], addresses: [], secret: null, allowsInsecure: false };

/** Reads `SLUICE_HTTP_*`; throws with a person's message when one of them cannot be meant. */
export function readHttpOptions(env: NodeJS.ProcessEnv): HttpOptions {
  const insecure = env.SLUICE_HTTP_ALLOW_INSECURE ?? '';
  if (!['', 'true', 'false'].includes(insecure))
    throw new Error('SLUICE_HTTP_ALLOW_INSECURE is neither true nor false');
  return {
    hosts: readList(
      env,
      'SLUICE_HTTP_ALLOWED_HOSTS',
      parseHostRule,
      'a host such as status.example.com, status.example.com:8443 or *.example.com',
    ),
    addresses: readList(
      env,
      'SLUICE_HTTP_ALLOWED_ADDRESSES',
      parseRange,
      'an address such as 10.1.2.3 or a range such as 10.1.0.0/16',
    ),
    secret: env.SLUICE_HTTP_SECRET || null,
    allowsInsecure: insecure === 'true',
  };
}

function readList<Entry>(
  env: NodeJS.ProcessEnv,
  name: string,
  parse: (text: string) => Entry | null,
  wanted: string,
): Entry[] {
  const texts = (env[name] ?? '').split(',').map((text) => text.trim());
  return texts
    .filter((text) => text !== '')
    .map((text) => {
      const entry = parse(text);
      if (entry === null) throw new Error(`${name}: ${JSON.stringify(text)} is not ${wanted}`);
      return entry;
    });
}
